import { type NanoUsd, nanoUsd } from './money.ts';

/** What one payment on a rail costs who is paid: an estimate. Amounts are >= 0. */
export interface RailFee {
  readonly fixedNanoUsd: NanoUsd;
  /** Hundredths of a percent of what arrives, 0 to 10,000. */
  readonly basisPoints: number;
  /** What the transaction costs on its chain, where the provider bears it. */
  readonly gasNanoUsd: NanoUsd;
}

/** The fee of an amount that arrives, rounded up. */
export function feeOf({ fixedNanoUsd, basisPoints, gasNanoUsd }: RailFee, arrivedNanoUsd: NanoUsd): NanoUsd {
  const share = (arrivedNanoUsd * BigInt(basisPoints) + 9_999n) / 10_000n;
  return nanoUsd(fixedNanoUsd + gasNanoUsd + share);
}

/** What is left of an amount that arrives. Negative where the fee is more than that. */
export function netOf(fee: RailFee, arrivedNanoUsd: NanoUsd): NanoUsd {
  return nanoUsd(arrivedNanoUsd - feeOf(fee, arrivedNanoUsd));
}
