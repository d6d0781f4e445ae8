import type { Problem } from '@tollwright/core';
import type { Challenge, MissingAllowance } from '@tollwright/payments';
import { noteRefused, type RefusedSubject } from '../pipeline/note-decision.ts';
import type { Visit } from '../pipeline/visit.ts';
import { demandPayment } from './replies.ts';

/** Asks for payment, and counts the call as refused. */
export function demand(visit: Visit, challenge: Challenge, problem: Problem, subject: RefusedSubject): void {
  noteRefused(visit, problem, subject);
  demandPayment(visit, challenge, problem);
}

/** What is said of a payment that was not accepted; `reason` is a code of its rail. */
export function invalid(reason: string): Problem {
  return { slug: 'payment-invalid', detail: `The payment was not accepted: ${reason}.`, members: { reason } };
}

/** What is said of a payment that cannot be taken before its payer has allowed a contract to move the token. */
export function notAllowed(reason: string, allowance: MissingAllowance): Problem {
  const { network, asset: token, spender, amountAtomic, sponsoredBy } = allowance;
  return {
    slug: 'allowance-required',
    detail: `The payment was not accepted: its payer has not let ${spender} move ${token} on ${network}.`,
    members: { reason, network, token, spender, amount: `${amountAtomic}`, sponsoredBy },
  };
}
