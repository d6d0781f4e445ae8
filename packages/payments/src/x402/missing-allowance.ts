import { allowanceSponsoringKey, permit2Address } from '@tollwright/protocols';
import type { Verification } from '../rail.ts';
import type { FacilitatorPool } from './facilitator-pool.ts';
import type { QuotedOffer } from './quote.ts';

/** What facilitators and the specification call it; answered 412. */
const allowanceRequired = 'permit2_allowance_required';

/** A verdict with what the payer has to allow, where that is what is missing. */
export function withAllowance(
  verdict: Verification,
  offer: QuotedOffer,
  pool: Pick<FacilitatorPool, 'knows'>,
): Verification {
  if (verdict.kind !== 'invalid' || verdict.reason !== allowanceRequired) return verdict;
  const { network, asset, amountAtomic } = offer;
  const sponsoredBy = pool.knows(allowanceSponsoringKey, offer) ? allowanceSponsoringKey : null;
  return { ...verdict, allowance: { network, asset, spender: permit2Address, amountAtomic, sponsoredBy } };
}
