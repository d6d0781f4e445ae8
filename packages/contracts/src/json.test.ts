import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterValue, fieldName, nanoUsdAmount, signedNanoUsd, slug, toJson, usdDecimal } from './json.ts';

describe('toJson', () => {
  it('writes bigints as decimal strings, wherever they are', () => {
    expect(toJson({ a: 10n ** 18n, b: [{ c: -1n }], d: 'text', e: null })).toBe(
      '{"a":"1000000000000000000","b":[{"c":"-1"}],"d":"text","e":null}',
    );
  });

  it('what it wrote is read back to the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9_000_000_000_000_000n }), (amount) => {
        expect(nanoUsdAmount.parse(JSON.parse(toJson(amount)))).toBe(amount);
        expect(signedNanoUsd.parse(JSON.parse(toJson(-amount)))).toBe(-amount);
      }),
    );
  });
});

describe('amounts on the wire', () => {
  it.each(['0', '1', '9000000000000000'])('%s is a counter value', (text) => {
    expect(counterValue.parse(text)).toBe(BigInt(text));
  });

  it.each(['', '-1', '+1', '1.0', '1e3', '0x1', ' 1', '9000000000000001', '99999999999999999', 1, null])(
    '%j is none',
    (value) => {
      expect(counterValue.safeParse(value).success).toBe(false);
    },
  );

  it('a ledger posting may be negative and larger than a counter', () => {
    expect(signedNanoUsd.parse('-999999999999999999')).toBe(-999_999_999_999_999_999n);
    expect(signedNanoUsd.safeParse('--1').success).toBe(false);
  });

  it.each(['0', '0.15', '9999999.999999999999'])('%s is a price', (text) => {
    expect(usdDecimal.parse(text)).toBe(text);
  });

  it.each(['', '-1', '1.', '.5', '1,5', '1e-3', '10000000', '0.0000000000001', ' 1'])('%j is no price', (text) => {
    expect(usdDecimal.safeParse(text).success).toBe(false);
  });
});

describe('names', () => {
  it.each(['a', 'acme', 'acme-2', 'a1-b2-c3'])('%s is a slug', (text) => {
    expect(slug.parse(text)).toBe(text);
  });

  it.each(['', '2acme', 'Acme', 'a--b', '-a', 'a-', 'a_b', 'a/b', 'a.b', 'ä', 'a\n', 'a'.repeat(49)])(
    '%j is no slug',
    (text) => {
      expect(slug.safeParse(text).success).toBe(false);
    },
  );

  it('a field name joins its words by underscores', () => {
    expect(fieldName.parse('input_tokens')).toBe('input_tokens');
    for (const text of ['input-tokens', '_a', 'a__b', 'a_', '__proto__']) {
      expect(fieldName.safeParse(text).success, text).toBe(false);
    }
  });
});
