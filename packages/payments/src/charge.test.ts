import { nanoUsd } from '@tollwright/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeOf, isCovered, wholeCharge } from './charge.ts';
import { quantize } from './quantize.ts';
import type { Offer } from './rail.ts';

function offerOf(ceilingNanoUsd: bigint, decimals: number): Offer {
  const priceNanoUsd = nanoUsd(ceilingNanoUsd);
  const quantized = quantize(priceNanoUsd, decimals);
  if (quantized.kind !== 'offered') throw new Error(quantized.reason);
  const { amountAtomic, roundingNanoUsd } = quantized;
  const terms = { network: 'eip155:84532', asset: '0xa5', payTo: '0xc1', amountAtomic, priceNanoUsd, roundingNanoUsd };
  return { rail: 'x402', scheme: 'upto', decimals, ...terms };
}

describe('chargeOf', () => {
  it.each([
    ['nothing', 0n, { amountAtomic: 0n, priceNanoUsd: 0n, roundingNanoUsd: 0n }],
    ['a whole unit', 1_234_000n, { amountAtomic: 1_234n, priceNanoUsd: 1_234_000n, roundingNanoUsd: 0n }],
    ['a part of a unit', 1_233_001n, { amountAtomic: 1_234n, priceNanoUsd: 1_233_001n, roundingNanoUsd: 999n }],
    ['the ceiling', 50_000_500n, { amountAtomic: 50_001n, priceNanoUsd: 50_000_500n, roundingNanoUsd: 500n }],
    ['more than the ceiling', 60_000_000n, { amountAtomic: 50_001n, priceNanoUsd: 50_000_500n, roundingNanoUsd: 500n }],
  ])('takes %s', (_what, price, charge) => {
    expect(chargeOf(offerOf(50_000_500n, 6), nanoUsd(price))).toEqual(charge);
  });

  it('equals the quantized price below the ceiling, for every unit, and is always covered', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 15n });
    fc.assert(
      fc.property(amounts, amounts, fc.integer({ min: 0, max: 18 }), (ceiling, price, decimals) => {
        fc.pre(quantize(nanoUsd(ceiling), decimals).kind === 'offered');
        const offer = offerOf(ceiling, decimals);
        const charge = chargeOf(offer, nanoUsd(price));
        expect(isCovered(offer, charge)).toBe(true);
        const direct = quantize(nanoUsd(price), decimals);
        if (direct.kind !== 'offered' || price > ceiling) return;
        const { amountAtomic, roundingNanoUsd } = direct;
        expect([charge.amountAtomic, charge.roundingNanoUsd]).toEqual([amountAtomic, roundingNanoUsd]);
      }),
    );
  });
});

describe('isCovered', () => {
  it('a fixed amount covers itself alone, a variable one whatever is not above it', () => {
    const upto = offerOf(50_000_000n, 6);
    const exact: Offer = { ...upto, scheme: 'exact' };
    const half = chargeOf(upto, nanoUsd(25_000_000n));
    const over = { ...half, amountAtomic: 50_001n };
    expect([half, wholeCharge(upto), over].map((charge) => isCovered(upto, charge))).toEqual([true, true, false]);
    expect([half, wholeCharge(exact), over].map((charge) => isCovered(exact, charge))).toEqual([false, true, false]);
  });
});
