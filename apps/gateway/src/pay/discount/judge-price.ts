import type { Principal } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import { StateUnavailable } from '@tollwright/state';
import { STATE_AWAY, type Visit } from '../../pipeline/visit.ts';
import type { CompiledApi, CompiledRoute } from '../../snapshot/compiled-api.ts';
import type { Judged } from '../judge-payment.ts';
import { hasPrice } from './has-price.ts';
import { volumePayerOf } from './volume-payer.ts';

const REASON = 'discount_not_reached';
const NOT_REACHED: Problem = {
  slug: 'payment-invalid',
  detail:
    'The payment was not accepted: its amount is the price of payers who have paid more here, and its own is higher.',
  members: { reason: REASON },
};

/** Refuses a payment that was accepted so far if it is for another payer's price. */
export async function judgePrice(
  judged: Judged,
  place: {
    readonly visit: Visit;
    readonly api: CompiledApi;
    readonly route: CompiledRoute;
    readonly principal: Principal | null;
  },
): Promise<Judged> {
  if (judged.kind === 'refused') return judged;
  const { rail, payment } = judged;
  const payer = volumePayerOf(place.principal, payment.payer);
  try {
    if (await hasPrice(place.visit, place.api, place.route, payment, payer)) return judged;
  } catch (error) {
    if (!(error instanceof StateUnavailable)) throw error;
    return { kind: 'refused', rail, loss: 'not-checked', problem: STATE_AWAY, again: null };
  }
  return { kind: 'refused', rail, loss: 'other-call', problem: NOT_REACHED, again: REASON };
}
