import type { Problem } from '@tollwright/core';
import type { Challenge } from '@tollwright/payments';
import type { Claim } from '@tollwright/state';
import { refuse, type Visit } from '../pipeline/visit.ts';

const IN_PROGRESS_SECONDS = 1;
const UNKNOWN_SECONDS = 5;
const CUT =
  'This payment was settled, but its call could not be answered. The provider has an incident with this payment id; ask there.';

/** Answers 402 with every offer, for both generations of clients. `headers` join, such as the receipt of a failure. */
export function demandPayment(
  visit: Visit,
  challenge: Challenge,
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = { ...challenge.headers, ...headers };
  const { 'cache-control': _always, ...rest } = all;
  refuse(visit, problem, { headers: Object.entries(rest).flat(), members: challenge.bodyMembers });
}

/** Answers a payment that somebody claimed before. Null: it moved nothing and never will, so a new one may be asked for. */
export function takenProblem(claim: Claim, requestHash: string): Problem | null {
  const members = { paymentId: claim.paymentId, state: claim.state, transaction: claim.transaction };
  switch (claim.state) {
    case 'failed':
      return null;
    case 'unknown':
      return unknownProblem(claim.paymentId, claim.transaction);
    case 'claimed':
    case 'verified':
    case 'served':
    case 'settling':
    case 'released':
      if (claim.requestHash !== requestHash) {
        return { slug: 'idempotency-mismatch', detail: 'This payment was sent with another request.', members };
      }
      return {
        slug: 'payment-in-progress',
        detail: 'A call with this payment is running.',
        members,
        retryAfterSeconds: IN_PROGRESS_SECONDS,
      };
    case 'settled':
    case 'refunding':
    case 'refunded':
    case 'credited':
      if (claim.reason !== null)
        return { slug: 'payment-used', detail: CUT, members: { ...members, reason: claim.reason } };
      return { slug: 'payment-used', detail: 'This payment has paid for a call already.', members };
  }
}

/** The outcome of a payment is in doubt: the caller must not sign another. */
export function unknownProblem(paymentId: string, transaction: string | null): Problem {
  return {
    slug: 'payment-unknown',
    detail: 'The payment was sent on its way, and its outcome is not known yet.',
    members: { paymentId, state: 'unknown', transaction },
    retryAfterSeconds: UNKNOWN_SECONDS,
  };
}
