import { type Period, periodAt } from '@tollwright/core';
import type { Hold, SpentCounter } from '../port.ts';

/** One counter of a tag that is made anew. */
export interface RestoredCounter {
  readonly node: string;
  readonly periodId: string;
  readonly period: Period;
  readonly endsAtMs: number | null;
  readonly spent: bigint;
  readonly held: bigint;
}

/** What Postgres knows to be spent and what gateways hold, together, each counter once. */
export function restoredCounters(spent: readonly SpentCounter[], holds: readonly Hold[]): RestoredCounter[] {
  const counters = new Map<string, RestoredCounter>();
  const add = (node: string, periodId: string, more: { spent: bigint; held: bigint }) => {
    const key = `${periodId} ${node}`;
    const known = counters.get(key) ?? { node, periodId, ...boundsOf(periodId), spent: 0n, held: 0n };
    counters.set(key, { ...known, spent: known.spent + more.spent, held: known.held + more.held });
  };
  for (const counter of spent) add(counter.node, counter.periodId, { spent: counter.spent, held: 0n });
  for (const hold of holds) {
    for (const { node, periodId, amount } of hold.nodes) add(node, periodId, { spent: 0n, held: amount });
  }
  return [...counters.values()];
}

/** The period that an id names, and its end. Ids are as in packages/core/src/period.ts. */
function boundsOf(periodId: string): { period: Period; endsAtMs: number | null } {
  if (periodId === 'total') return { period: 'total', endsAtMs: null };
  const period: Period = periodId.startsWith('w')
    ? 'week'
    : ({ 7: 'month', 10: 'day', 13: 'hour', 16: 'minute' } as const)[periodId.length as 7 | 10 | 13 | 16];
  const start = periodId.replace(/^w/, '');
  const iso = `${start}${'0000-01-01T00:00'.slice(start.length)}:00.000Z`;
  return { period, endsAtMs: periodAt(period, Date.parse(iso)).endsAtMs };
}
