import { rate } from '@tollwright/core';
import type { Priced } from '@tollwright/policies';
import { askAll, limitedBy, takeOwn } from '../guard/asked.ts';
import { type Guard, runBody } from '../guard/guard.ts';
import type { Visit } from '../pipeline/visit.ts';
import type { PaidCall } from './paid-call.ts';

/** Runs what reads the body, then takes the limits that this process keeps: strangers have no account to count on. */
export function admitStranger(visit: Visit, guard: Guard | null, body: PaidCall['body']) {
  if (guard === null) return NOTHING_TAKEN;
  const { gateway, startedAtMs } = visit;
  const problem = runBody(guard, body.kind === 'buffered' ? body.bytes : null);
  if (problem !== null) return { kind: 'refused' as const, problem };
  const own = takeOwn(gateway.limits, guard, askAll(guard, NOTHING_PRICED), startedAtMs);
  if (own.kind === 'taken') return own;
  const reply = limitedBy(own.policy, own.refusal, guard, startedAtMs);
  if (reply.kind === 'overage') throw new Error('a limit of this process has no price beyond it');
  guard.refusedBy = own.policy;
  return { kind: 'refused' as const, problem: reply.problem };
}

const NOTHING_TAKEN = { kind: 'taken' as const, leave: () => undefined };
const NOTHING_PRICED: Priced = { quantities: [], rated: rate([], []) };
