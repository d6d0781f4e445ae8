import { feeOf, type NanoUsd, nanoUsd, netOf, type RailFee, STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';
import { nanoUsdOf, usdTyped } from '../../plan/usd.ts';
import type { Provider } from '../outputs.ts';

export type RailFees = Provider['railFees'];
export type Rail = keyof RailFees;

/** A fee as it is typed: dollars, and a percentage. */
export interface FeeDraft {
  readonly fixedUsd: string;
  readonly percent: string;
  readonly gasUsd: string;
}

export type FeesDraft = Readonly<Record<Rail, FeeDraft>>;

const PERCENT = /^(\d{1,3})(?:\.(\d{1,2}))?$/;

export function draftOf(fees: RailFees): FeesDraft {
  const typed = Object.entries(fees).map(([rail, { fixedNanoUsd, basisPoints, gasNanoUsd }]) => [
    rail,
    { fixedUsd: usdTyped(fixedNanoUsd), percent: String(basisPoints / 100), gasUsd: usdTyped(gasNanoUsd) },
  ]);
  return Object.fromEntries(typed) as FeesDraft;
}

/** One typed fee; null while it is none. */
export function feeTyped({ fixedUsd, percent, gasUsd }: FeeDraft): RailFees[Rail] | null {
  const [fixedNanoUsd, gasNanoUsd] = [nanoUsdOf(fixedUsd), nanoUsdOf(gasUsd)];
  const [, whole, fraction = ''] = PERCENT.exec(percent.trim()) ?? [];
  if (fixedNanoUsd === null || gasNanoUsd === null || whole === undefined) return null;
  const basisPoints = Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  return basisPoints > 10_000 ? null : { fixedNanoUsd, basisPoints, gasNanoUsd };
}

/** What is left of a price on each rail, most first: the order of offers. `minimum`: the rail is left out below it. */
export interface RailNet {
  readonly rail: Rail;
  readonly feeNanoUsd: NanoUsd;
  readonly netNanoUsd: NanoUsd;
  readonly minimumNanoUsd: NanoUsd | null;
}

export function netsOf(draft: FeesDraft, priceNanoUsd: string): readonly RailNet[] {
  const price = nanoUsd(BigInt(priceNanoUsd));
  const nets = (Object.entries(draft) as [Rail, FeeDraft][]).flatMap(([rail, typed]): RailNet[] => {
    const fee = feeTyped(typed);
    if (fee === null) return [];
    const read: RailFee = {
      basisPoints: fee.basisPoints,
      fixedNanoUsd: nanoUsd(BigInt(fee.fixedNanoUsd)),
      gasNanoUsd: nanoUsd(BigInt(fee.gasNanoUsd)),
    };
    const minimumNanoUsd = rail === 'stripe' && price < STRIPE_MINIMUM_NANO_USD ? STRIPE_MINIMUM_NANO_USD : null;
    return [{ rail, feeNanoUsd: feeOf(read, price), netNanoUsd: netOf(read, price), minimumNanoUsd }];
  });
  return nets.sort((a, b) => Number(a.minimumNanoUsd !== null) - Number(b.minimumNanoUsd !== null) || compare(a, b));
}

function compare({ netNanoUsd: a }: RailNet, { netNanoUsd: b }: RailNet): number {
  return a === b ? 0 : a < b ? 1 : -1;
}
