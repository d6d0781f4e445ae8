import { parseUsd, type RailFee, ZERO_USD } from '@tollwright/core';
import { z } from 'zod';
import { nanoUsdAmount, nanoUsdText } from './json.ts';
import { type PaymentRail, paymentRail } from './payment.ts';

const basisPoints = z.int().min(0).max(10_000);

/** A fee as people write it and databases keep it. */
export const railFeeText = z.object({ fixedNanoUsd: nanoUsdText, basisPoints, gasNanoUsd: nanoUsdText });

const railFee = z.object({ fixedNanoUsd: nanoUsdAmount, basisPoints, gasNanoUsd: nanoUsdAmount });

/** What each rail costs a provider, as far as it says so: see railFeesOf for the others. */
export const railFees = z.partialRecord(paymentRail, railFee);
export type RailFees = z.output<typeof railFees>;

/**
 * What rails cost whose provider says nothing: estimates, to be edited. Stripe's list price for cards; what a facilitator takes for a
 * settlement, whose gas it bears; and nothing on Tempo, where payers bear the fee of their transaction.
 */
const RAIL_FEES_DEFAULT: Readonly<Record<PaymentRail, RailFee>> = {
  x402: { fixedNanoUsd: parseUsd('0.001'), basisPoints: 0, gasNanoUsd: ZERO_USD },
  evm: { fixedNanoUsd: parseUsd('0.001'), basisPoints: 0, gasNanoUsd: ZERO_USD },
  stripe: { fixedNanoUsd: parseUsd('0.30'), basisPoints: 290, gasNanoUsd: ZERO_USD },
  tempo: { fixedNanoUsd: ZERO_USD, basisPoints: 0, gasNanoUsd: ZERO_USD },
};

/** The fee of every rail: what the provider says, else the estimate. */
export function railFeesOf(said: RailFees | undefined): Readonly<Record<PaymentRail, RailFee>> {
  return { ...RAIL_FEES_DEFAULT, ...said };
}
