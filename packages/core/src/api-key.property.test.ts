import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksum, makeKey, parseKey } from './api-key.ts';

const prefix = fc.stringMatching(/^[a-z][a-z0-9]{1,15}$/);
const random = fc.uint8Array({ minLength: 96, maxLength: 96 });
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('keys', () => {
  it('parse to what they were made of', () => {
    fc.assert(
      fc.property(prefix, fc.boolean(), random, (name, livemode, bytes) => {
        fc.pre(bytes.filter((byte) => byte < 248).length >= 32);
        expect(parseKey(makeKey(name, livemode, bytes))).toEqual({ prefix: name, livemode });
      }),
    );
  });

  it('are refused with two neighbours swapped', () => {
    fc.assert(
      fc.property(random, fc.integer({ min: 8, max: 44 }), (bytes, index) => {
        const key = makeKey(
          'tw',
          true,
          bytes.map((byte) => byte % 248),
        );
        const swapped = key.slice(0, index) + key[index + 1] + key[index] + key.slice(index + 2);
        fc.pre(swapped !== key);
        expect(parseKey(swapped)).toBeNull();
      }),
    );
  });

  it('text that nobody made is no key, and never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => parseKey(text) === null));
  });
});

describe('checksum', () => {
  it('is the CRC-32 of zlib in base62', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        let value = 0n;
        for (const character of checksum(text)) value = value * 62n + BigInt(DIGITS.indexOf(character));
        expect(value).toBe(BigInt(crc32(text)));
      }),
    );
  });
});
