import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUsd, nanoUsd, parseUsd, sumUsd } from './money.ts';

const amount = fc.bigInt({ min: -9_999_999_999_999_999n, max: 9_999_999_999_999_999n }).map(nanoUsd);

describe('money as text', () => {
  it('reading what was written gives the same amount, whatever the padding', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 9 }), (value, decimalsMin) => {
        expect(parseUsd(formatUsd(value, decimalsMin))).toBe(value);
      }),
    );
  });

  it('two amounts have the same text only when they are equal', () => {
    fc.assert(fc.property(amount, amount, (a, b) => (formatUsd(a) === formatUsd(b)) === (a === b)));
  });

  it('text that is no plain decimal is refused, never read as something near it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/^-?\d+(\.\d+)?$/.test(text.trim()));
        expect(() => parseUsd(text)).toThrow(RangeError);
      }),
    );
  });
});

describe('sums of money', () => {
  it('do not depend on the order', () => {
    fc.assert(fc.property(fc.array(amount), (amounts) => sumUsd(amounts) === sumUsd([...amounts].reverse())));
  });
});
