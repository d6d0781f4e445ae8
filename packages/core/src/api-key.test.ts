import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checksum, keyHint, makeKey, parseKey } from './api-key.ts';

const random = (seed: number) => Uint8Array.from({ length: 64 }, (_, index) => (index * 37 + seed) % 248);

describe('makeKey', () => {
  it('is prefix, mode, 32 random characters and a checksum of six', () => {
    expect(makeKey('acme', true, random(1))).toMatch(/^acme_live_[0-9A-Za-z]{38}$/);
    expect(makeKey('tw', false, random(1))).toMatch(/^tw_test_[0-9A-Za-z]{38}$/);
  });

  it('gives every character the same share of all bytes that it uses', () => {
    const count = new Map<string, number>();
    for (let byte = 0; byte < 248; byte++) {
      const [character = ''] = makeKey('tw', true, new Uint8Array(32).fill(byte)).slice('tw_live_'.length);
      count.set(character, (count.get(character) ?? 0) + 1);
    }
    expect([count.size, new Set(count.values())]).toEqual([62, new Set([4])]);
  });

  it('skips bytes that would favour the first eight characters', () => {
    const bytes = random(3).slice(0, 32);
    const withSkipped = Uint8Array.from([255, 248, ...bytes.slice(0, 10), 250, ...bytes.slice(10)]);
    expect(makeKey('tw', true, withSkipped)).toBe(makeKey('tw', true, bytes));
  });

  it('wants enough random bytes', () => {
    expect(() => makeKey('tw', true, random(1).slice(0, 31))).toThrow(RangeError);
    expect(() => makeKey('tw', true, new Uint8Array(64).fill(255))).toThrow(RangeError);
  });
});

describe('parseKey', () => {
  const key = makeKey('acme', true, random(5));

  it('takes a key apart', () => {
    expect(parseKey(key)).toEqual({ prefix: 'acme', livemode: true });
    expect(parseKey(makeKey('tw', false, random(5)))).toEqual({ prefix: 'tw', livemode: false });
  });

  it('finds a change of any one character', () => {
    for (let index = 0; index < key.length; index++) {
      const other = key[index] === 'a' ? 'b' : 'a';
      expect(parseKey(key.slice(0, index) + other + key.slice(index + 1)), `character ${index}`).toBeNull();
    }
  });

  it.each([
    ['nothing', ''],
    ['a space before', ` ${key}`],
    ['a line feed after', `${key}\n`],
    ['a missing character', key.slice(0, -1)],
    ['another mode', key.replace('_live_', '_prod_')],
    ['the other mode', key.replace('_live_', '_test_')],
    ['an upper-case prefix', key.replace('acme', 'Acme')],
    ['a key twice', key + key],
  ])('refuses %s', (_what, text) => {
    expect(parseKey(text)).toBeNull();
  });
});

describe('keyHint', () => {
  it('shows four characters of the random part and the last four, no more', () => {
    const key = makeKey('acme', true, random(7));
    const { start, last4 } = keyHint(key);
    expect([start, last4]).toEqual([key.slice(0, 'acme_live_'.length + 4), key.slice(-4)]);
    expect(start.length + last4.length).toBeLessThanOrEqual(key.length - 28);
  });
});

describe('checksum', () => {
  it.each(['', 'tw_live_', 'The quick brown fox jumps over the lazy dog'])('of %j is the CRC-32 of zlib', (text) => {
    expect(readBase62(checksum(text))).toBe(crc32(text));
  });

  it('has six characters, also of a small value', () => {
    expect(checksum('')).toBe('000000');
  });
});

/** Reads digits, then upper case, then lower case as a number. */
function readBase62(text: string): number {
  let value = 0;
  for (const character of text) {
    const code = character.charCodeAt(0);
    const digit = code <= 57 ? code - 48 : code <= 90 ? code - 55 : code - 61;
    value = value * 62 + digit;
  }
  return value;
}
