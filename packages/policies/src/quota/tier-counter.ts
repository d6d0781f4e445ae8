import type { Principal } from '@tollwright/contracts';
import { cycleAt, type Quantity } from '@tollwright/core';
import { type Effect, UNLIMITED } from '../policy.ts';

/** Counts the units of a meter over a billing cycle, because a plan's tiers, packages or included units depend on them. */
export interface TierCounter {
  readonly meter: string;
  /** Asks for the most that the call can use; nothing is ever refused. `atMs` is when the call arrived. */
  decide(principal: Principal, worstCase: readonly Quantity[], atMs: number): Effect;
  /** Units that quantities mean for this counter: what was really used. */
  units(quantities: readonly Quantity[]): bigint;
}

/** Whether a node is such a counter: it limits nothing. */
export function isTierCounter(node: string): boolean {
  return node.startsWith(PREFIX);
}

const PREFIX = 'units:';

/** Counts by customer, so that an upgrade keeps what was used; what test keys use moves nobody along the live tiers. */
export function createTierCounter(meter: string): TierCounter {
  const units = (quantities: readonly Quantity[]): bigint => {
    let sum = 0n;
    for (const one of quantities) if (one.meter === meter) sum += one.quantity;
    return sum;
  };
  return {
    meter,
    units,
    decide: (principal, worstCase, atMs) => ({
      kind: 'hold',
      ask: { ...nodeOf(meter, principal, atMs), kind: 'quota', limit: UNLIMITED, amount: units(worstCase) },
    }),
  };
}

/** An anchored cycle has no name in the store: it is part of the node's, which then runs without end. */
function nodeOf(meter: string, { customer, key }: Principal, atMs: number) {
  const node = `${PREFIX}${customer.customerId}:${key.livemode ? 'live' : 'test'}:${meter}`;
  const anchorAtMs = customer.billingAnchorAtMs;
  if (anchorAtMs === undefined) return { node, period: 'month' as const };
  const { startsAtMs } = cycleAt('month', anchorAtMs, atMs);
  return { node: `${node}@${new Date(startsAtMs).toISOString()}`, period: 'total' as const };
}
