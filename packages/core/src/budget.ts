import type { Period } from './period.ts';

/** What a counter counts: money in nano-dollars, or units of a feature's meters. */
export type LimitKind = 'budget' | 'quota';

/**
 * A node of the budget tree or a quota, as a call meets it: owner > project > agent > session > key, or a feature of a plan.
 * `limit` and `amount` are non-negative integers of at most 9*10^15. The counter is (node, period id), never the plan.
 */
export interface LimitNode {
  readonly node: string;
  readonly kind: LimitKind;
  readonly period: Period;
  readonly limit: bigint;
}

/** A counter's state: `spent` is final, `held` belongs to running calls. Invariant: spent + held <= limit when granted. */
export interface Counter {
  readonly spent: bigint;
  readonly held: bigint;
}

export type Reservation =
  | { readonly kind: 'granted'; readonly counter: Counter }
  | { readonly kind: 'exhausted'; readonly remaining: bigint }
  | { readonly kind: 'held'; readonly remaining: bigint };

/** Reserves `amount`, all or nothing. `held` says that running calls, when they settle lower, could make room. */
export function reserve(limit: bigint, counter: Counter, amount: bigint): Reservation {
  if (amount < 0n) throw new RangeError('a reservation is not negative');
  const remaining = limit - counter.spent - counter.held;
  if (amount <= remaining) return { kind: 'granted', counter: { spent: counter.spent, held: counter.held + amount } };
  const kind = amount <= limit - counter.spent ? 'held' : 'exhausted';
  return { kind, remaining: remaining > 0n ? remaining : 0n };
}

/** Ends a hold of `heldAmount`, charging at most that. What was used beyond is the provider's shortfall; `used` >= 0. */
export function settle(
  counter: Counter,
  heldAmount: bigint,
  used: bigint,
): { counter: Counter; charged: bigint; shortfall: bigint } {
  if (used < 0n) throw new RangeError('what was used is not negative');
  if (heldAmount > counter.held) throw new RangeError('a hold larger than what is held cannot settle');
  const charged = used < heldAmount ? used : heldAmount;
  return {
    counter: { spent: counter.spent + charged, held: counter.held - heldAmount },
    charged,
    shortfall: used - charged,
  };
}
