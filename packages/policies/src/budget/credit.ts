import type { CreditBalance, Principal } from '@tollwright/contracts';
import { creditNodeOf, formatUsd, type NanoUsd, nanoUsd, type Problem } from '@tollwright/core';
import { type Effect, type NodeRefusal, retryAfterSeconds } from '../policy.ts';

/** The balance that a key draws on. Where nothing was ever paid in, it is its customer's, and empty. */
export function balanceOf({ key, customer }: Principal): CreditBalance {
  return key.credit ?? { node: creditNodeOf(customer.customerId, key.livemode), limitNanoUsd: 0n };
}

/** Asks a balance for the worst-case price of a call, as a budget that never starts again. */
export function drawCredit(principal: Principal, worstCaseNanoUsd: NanoUsd): Effect {
  const { node, limitNanoUsd: limit } = balanceOf(principal);
  return { kind: 'hold', ask: { node, kind: 'budget', period: 'total', limit, amount: worstCaseNanoUsd } };
}

/** Why a balance refused a call. `members` say how to pay in; running calls may still give back what they hold. */
export function creditRefused({ kind, node }: NodeRefusal, nowMs: number, members: Problem['members']): Problem {
  const rest = node.limit - node.spent - node.held;
  const balance = {
    exhausted: node.node,
    remaining: (rest > 0n ? rest : 0n).toString(),
    unit: 'nano-usd',
    ...members,
  };
  if (kind === 'held') {
    const detail = `Running calls hold ${usd(node.held)} USD of the credit; this call may cost more than is free.`;
    return { slug: 'budget-held', detail, members: balance, retryAfterSeconds: retryAfterSeconds(kind, null, nowMs) };
  }
  const left = usd(node.limit > node.spent ? node.limit - node.spent : 0n);
  const detail = `${left} USD of credit are left; this call may cost more.`;
  return { slug: 'credits-exhausted', detail, members: balance };
}

function usd(amount: bigint): string {
  return formatUsd(nanoUsd(amount));
}
