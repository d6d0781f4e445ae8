import type { UsageEvent } from '@tollwright/contracts';
import { periodAt } from '@tollwright/core';
import type { BatchItem } from '@tollwright/state';
import type { Caller } from './agents.ts';
import type { SeedContext } from './context.ts';

/**
 * Charges this month's part of history to the budgets and quotas, as the gateway that served it would have: one hold and
 * one settlement for each key. Numbered like any gateway's batches, so doing it again changes nothing.
 */
export async function chargeCounters(
  { gateway }: SeedContext,
  spoolId: string,
  callers: readonly Caller[],
  events: readonly UsageEvent[],
): Promise<void> {
  const month = periodAt('month', Date.now()).id;
  const spent = sumsByKey(events, month);
  const { epoch } = await gateway.epochs.current();
  for (const customerId of new Set(callers.map((caller) => caller.customerId))) {
    const charged = callers
      .filter((caller) => caller.customerId === customerId)
      .map((caller) => ({ caller, sums: spent.get(caller.keyId) ?? {} }))
      .filter(({ sums }) => Object.keys(sums).length > 0);
    if (charged.length === 0) continue;
    const seat = { tag: `c:${customerId}`, epoch, spoolId, incarnation: 1 };
    const reserves = charged.map(({ caller, sums }): BatchItem => reserveOf(spoolId, caller, sums));
    const settles = charged.map(
      ({ caller, sums }): BatchItem => ({ kind: 'settle', callId: callIdOf(spoolId, caller), charges: sums }),
    );
    const granted = await gateway.counters.batch({ ...seat, number: 1 }, reserves);
    if (granted.kind === 'done') {
      const refused = granted.replies.find((reply) => reply.kind !== 'granted');
      if (refused !== undefined) throw new Error(`history does not fit its limits: ${refused.kind}`);
    }
    await gateway.counters.batch({ ...seat, number: 2 }, settles);
  }
}

type Sums = Record<string, bigint>;

function sumsByKey(events: readonly UsageEvent[], periodId: string): ReadonlyMap<string, Sums> {
  const byKey = new Map<string, Sums>();
  for (const event of events) {
    const sums = byKey.get(event.keyId ?? '') ?? {};
    byKey.set(event.keyId ?? '', sums);
    for (const charge of event.charges) {
      if (charge.periodId === periodId) sums[charge.node] = (sums[charge.node] ?? 0n) + charge.amount;
    }
  }
  return byKey;
}

function reserveOf(spoolId: string, caller: Caller, sums: Sums): BatchItem {
  return {
    kind: 'reserve',
    callId: callIdOf(spoolId, caller),
    versions: {},
    windows: [],
    nodes: caller.nodes
      .filter(({ node }) => sums[node] !== undefined)
      .map(({ node, limit, counts }) => ({
        node,
        kind: counts === 'money' ? 'budget' : 'quota',
        period: 'month',
        limit,
        amount: sums[node] ?? 0n,
      })),
    deadlineAtMs: Date.now() + 60_000,
    reason: 'demo history',
  };
}

function callIdOf(spoolId: string, caller: Caller): string {
  return `${spoolId}-${caller.keyId}`;
}
