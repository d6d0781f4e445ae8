import { type Increment, type NodeAsk, UNLIMITED } from '@tollwright/policies';
import type { EventTail } from '../spool/record.ts';
import type { Granted } from './reserve.ts';
import type { Visit } from './visit.ts';

/** After a call: policies see what came of it, and their counters grow. */
export function observe(visit: Visit, granted: Granted, tail: EventTail): void {
  const { guard } = granted.call;
  if (guard === null || guard.set.observing.length === 0) return;
  const outcome = {
    status: tail.status,
    fields: tail.data,
    chargedNanoUsd: tail.chargedNanoUsd,
    bytesOut: tail.bytesOut,
    durationMs: tail.durationMs,
  };
  const increments: Increment[] = [];
  for (const policy of guard.set.observing) {
    for (const effect of policy.observe?.(outcome, guard.call) ?? []) {
      if (effect.kind === 'increment') increments.push(effect.increment);
    }
  }
  if (increments.length === 0) return;
  increment(visit, granted, increments).catch((error: unknown) => {
    visit.gateway.log.warn({ err: error, eventId: visit.eventId }, 'counters did not grow');
  });
}

/**
 * What a response adds to counters is reserved and charged at once, whatever the limit. It travels with the next batches:
 * from the first on it counts as held, so no later call of this process is decided without it.
 */
async function increment(visit: Visit, { tag }: Granted, increments: readonly Increment[]): Promise<void> {
  const { gateway, eventId, startedAtMs } = visit;
  const callId = `${eventId}+`;
  const nodes = increments.map(({ node, period, amount }): NodeAsk => {
    return { node, kind: 'quota', period, limit: UNLIMITED, amount };
  });
  const item = { callId, versions: {}, windows: [], nodes, deadlineAtMs: startedAtMs, reason: 'counters' };
  let charged: Promise<unknown> | null = null;
  // A gateway that stops waits until the charge is with the batcher, which then sees it through.
  gateway.running++;
  try {
    const reply = await gateway.batcher.reserve(tag, { kind: 'reserve', ...item });
    const charges = Object.fromEntries(increments.map(({ node, amount }) => [node, amount]));
    if (reply.kind === 'granted') charged = gateway.batcher.settle(tag, { kind: 'settle', callId, charges });
  } finally {
    gateway.running--;
  }
  await charged;
}
