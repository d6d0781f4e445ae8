import { type Problem, ZERO_USD } from '@tollwright/core';
import type { NodeAsk } from '@tollwright/policies';
import { type ItemReply, StateUnavailable, TagRebuild } from '@tollwright/state';
import type { Subject } from '../pipeline/decide.ts';
import { refusedFields } from '../pipeline/limit-fields.ts';
import { versionsOf } from '../pipeline/reserve.ts';
import { STATE_AWAY, type Visit } from '../pipeline/visit.ts';
import { currentOffers } from './offers.ts';

/**
 * Why a call of a key may not be paid for beside it: no agent is asked for more than its owner lets it spend, so every budget on the
 * way to the key has to have room for the price. It is held and let go at once: the payment itself is no spending of the plan.
 * Null where there is room.
 */
export async function budgetRefusal(
  visit: Visit,
  subject: Subject,
): Promise<{ readonly problem: Problem; readonly headers: readonly string[] } | null> {
  const { api, route, principal } = subject;
  const { gateway, eventId: callId, startedAtMs } = visit;
  const [offer] = currentOffers(gateway, api, route);
  const effects = api.budget.decide(principal.key.budgetNodes, offer?.priceNanoUsd ?? ZERO_USD);
  const nodes: NodeAsk[] = effects.flatMap((effect) => (effect.kind === 'hold' ? [effect.ask] : []));
  if (nodes.length === 0) return null;
  const tag = `c:${principal.customer.customerId}`;
  const { totalTimeoutMs } = api.snapshot.upstream;
  let reply: ItemReply;
  try {
    reply = await gateway.batcher.reserve(tag, {
      ...{ kind: 'reserve', callId, versions: versionsOf(subject), windows: [], nodes },
      ...{ deadlineAtMs: startedAtMs + totalTimeoutMs, reason: route.route.operationId },
    });
    if (reply.kind === 'granted') await gateway.batcher.settle(tag, { kind: 'settle', callId, charges: {} });
  } catch (error) {
    if (!(error instanceof StateUnavailable || error instanceof TagRebuild)) throw error;
    return { problem: STATE_AWAY, headers: [] };
  }
  if (reply.kind === 'granted') return null;
  if (reply.kind !== 'exhausted' && reply.kind !== 'held') return { problem: STATE_AWAY, headers: [] };
  const nowMs = Date.now();
  return { problem: api.budget.refused(reply, nowMs), headers: refusedFields('budget', reply.node, nowMs) };
}
