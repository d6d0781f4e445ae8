import type { X402Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteX402 } from './quote.ts';

const wallet: X402Wallet = {
  kind: 'x402',
  network: 'eip155:84532',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  tokenName: 'USDC',
  tokenVersion: '2',
  decimals: 6,
  payTo: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
};

describe('quoteX402', () => {
  it.each([
    ['a cent', 10_000_000n, 10_000n, 0n],
    ['one unit', 1_000n, 1n, 0n],
    ['a nano-dollar above one unit', 1_001n, 2n, 999n],
    ['exactly a tenth of the unit', 100n, 1n, 900n],
  ])('rounds %s up and reports the difference', (_what, price, amountAtomic, roundingNanoUsd) => {
    expect(quoteX402(wallet, nanoUsd(price))).toMatchObject({
      kind: 'offered',
      offer: { amountAtomic, roundingNanoUsd },
    });
  });

  it('does not offer less than a tenth of the unit, nor nothing', () => {
    expect(quoteX402(wallet, nanoUsd(99n))).toEqual({ kind: 'not-offered', reason: 'below-a-tenth-of-the-unit' });
    expect(quoteX402(wallet, nanoUsd(0n))).toEqual({ kind: 'not-offered', reason: 'free' });
  });

  it('price + rounding = amount, and rounding stays under one unit, for any price and decimals', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 9_000_000_000_000_000n }),
        fc.integer({ min: 0, max: 18 }),
        (price, decimals) => {
          const quote = quoteX402({ ...wallet, decimals }, nanoUsd(price));
          fc.pre(quote.kind === 'offered');
          if (quote.kind !== 'offered') return;
          const { amountAtomic, roundingNanoUsd } = quote.offer;
          expect((amountAtomic * 10n ** 9n) / 10n ** BigInt(decimals)).toBe(price + roundingNanoUsd);
          expect(roundingNanoUsd).toBeGreaterThanOrEqual(0n);
          expect(roundingNanoUsd * 10n ** BigInt(decimals)).toBeLessThan(10n ** 9n);
        },
      ),
    );
  });
});
