import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './redis-url.ts';

describe('the address of Redis', () => {
  it('one node, with what it says of user, password, database and TLS', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({ nodes: [{ host: 'localhost', port: 6379 }], options: {} });
    expect(parseRedisUrl('rediss://me:p%40ss@[::1]:7000/2')).toEqual({
      nodes: [{ host: '::1', port: 7000 }],
      options: { username: 'me', password: 'p@ss', tls: {}, db: 2 },
    });
  });

  it('nodes by comma are a Cluster that signs in as the first says', () => {
    expect(parseRedisUrl('redis://:secret@a:1, b:2,redis://c:3')).toEqual({
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 3 },
      ],
      options: { password: 'secret' },
    });
  });

  it.each(['', 'http://a:1', 'a:1', 'redis://', 'redis://a/x', 'redis://a/1,b'])('%j is none', (text) => {
    expect(() => parseRedisUrl(text)).toThrow(/REDIS_URL/);
  });
});
