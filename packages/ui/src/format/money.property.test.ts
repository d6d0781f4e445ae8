import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNanoUsdCompact, formatNanoUsdExact } from './money.ts';

const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });

/** Reads the dollars back, independently of how they were written. */
function readNanoUsd(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').replaceAll(',', '').split('.');
  const absolute = BigInt(whole + fraction.padEnd(9, '0'));
  return negative ? -absolute : absolute;
}

describe('money as text', () => {
  it('exact: reading it back gives the same amount', () => {
    fc.assert(fc.property(amount, (nanoUsd) => readNanoUsd(formatNanoUsdExact(nanoUsd)) === nanoUsd));
  });

  it('compact: an amount that is not zero is never written as zero', () => {
    fc.assert(fc.property(amount, (nanoUsd) => nanoUsd === 0n || /[1-9]/.test(formatNanoUsdCompact(nanoUsd))));
  });

  it('compact: below 100,000 dollars it is off by half a cent at most', () => {
    const small = fc.bigInt({ min: -(10n ** 14n) + 1n, max: 10n ** 14n - 1n });
    fc.assert(
      fc.property(small, (nanoUsd) => {
        const distance = readNanoUsd(formatNanoUsdCompact(nanoUsd)) - nanoUsd;
        expect(distance <= 5_000_000n && distance >= -5_000_000n).toBe(true);
      }),
    );
  });
});
