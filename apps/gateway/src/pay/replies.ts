import type { Problem } from '@tollwright/core';
import type { Challenge, HeaderFields } from '@tollwright/payments';
import type { Claim } from '@tollwright/state';
import { refuse, type Visit } from '../pipeline/visit.ts';

const IN_PROGRESS_SECONDS = 1;
const UNKNOWN_SECONDS = 5;
const CUT =
  'This payment was settled, but its call could not be answered. The provider has an incident with this payment id; ask there.';
const GOES_BACK = 'This payment was settled, but its call could not be answered. It is given back.';

/** Answers 402 with every offer. `headers` join, such as the receipt of a failure. */
export function demandPayment(visit: Visit, challenge: Challenge, problem: Problem, headers: HeaderFields = []): void {
  refuse(visit, problem, { headers: [...challenge.headers, ...headers].flat(), members: challenge.members });
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
      if (claim.reason !== null) {
        const detail = claim.state === 'settled' ? CUT : GOES_BACK;
        return { slug: 'payment-used', detail, members: { ...members, reason: claim.reason } };
      }
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
