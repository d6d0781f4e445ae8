import { describe, expect, it } from 'vitest';
import { createAllowList, pairOf } from './allow-list.ts';

describe('createAllowList', () => {
  it('keeps loopback pairs, in lower case', () => {
    expect([...createAllowList(['127.0.0.1:8080', 'LOCALHOST:09', '[::1]:3000'])]).toEqual([
      '127.0.0.1:8080',
      'localhost:9',
      '[::1]:3000',
    ]);
  });

  it.each(['127.0.0.1', '10.0.0.1:80', 'example.com:443', '127.0.0.1:*', '*:80', '169.254.169.254:80', ''])(
    'refuses %j',
    (pair) => {
      expect(() => createAllowList([pair])).toThrow(RangeError);
    },
  );
});

describe('pairOf', () => {
  it.each([
    ['127.0.0.1', '8080', 'http:', '127.0.0.1:8080'],
    ['LocalHost', '', 'http:', 'localhost:80'],
    ['localhost', '', 'https:', 'localhost:443'],
    ['::1', '3000', 'http:', '[::1]:3000'],
    ['[::1]', 3000, 'http:', '[::1]:3000'],
  ])('%s %s %s is %s', (hostname, port, protocol, expected) => {
    expect(pairOf(hostname, port, protocol)).toBe(expected);
  });
});
