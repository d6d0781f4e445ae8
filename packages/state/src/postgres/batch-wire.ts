import { NANO_USD_MAX, type Period } from '@tollwright/core';
import {
  type BatchItem,
  type BatchReply,
  type GrantedNode,
  type ItemReply,
  type NodeAsk,
  type ReserveItem,
  type Seat,
  StateRejected,
  type WindowTake,
} from '../port.ts';

/** What state.batch answers, as JSON. See the comment of state.apply_items for `reserves`. */
export type WireReply =
  | { readonly kind: 'rebuild'; readonly reason: string }
  | { readonly kind: 'superseded' }
  | {
      readonly kind: 'done';
      readonly nowMs: number;
      readonly periods: readonly (readonly [id: string, endsAtMs: number | null])[];
      readonly reserves: readonly WireReserve[];
      readonly settled: readonly (0 | 1)[];
    };
type WireReserve = readonly [kind: number, ...rest: (number | string)[]];

/** The statement's parameters, and what is needed to read its reply. */
export interface EncodedBatch {
  readonly values: readonly unknown[];
  readonly periods: readonly Period[];
}

/** Distinct values under indexes from 1, in the order of their first appearance. */
class Interned<T> {
  readonly values: T[] = [];
  private readonly indexes = new Map<string, number>();

  index(key: string, value: T): number {
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const next = this.values.push(value);
    this.indexes.set(key, next);
    return next;
  }
}

/** Flattens a batch into the arrays of state.batch, each distinct node, window and set of versions once. */
export function encodeBatch(seat: Seat, items: readonly BatchItem[]): EncodedBatch {
  const periods = new Interned<Period>();
  const nodes = new Interned<NodeAsk>();
  const windows = new Interned<WindowTake>();
  const bases = new Interned<ReserveItem['versions']>();
  const calls = { ids: [] as string[], basis: [] as number[], deadlines: [] as number[], reasons: [] as string[] };
  const takes = { ends: [] as number[], windows: [] as number[], limits: [] as number[] };
  const asks = { ends: [] as number[], nodes: [] as number[], amounts: [] as bigint[], limits: [] as bigint[] };
  const settles = new Set<string>();
  const charges = { calls: [] as string[], nodes: [] as string[], amounts: [] as bigint[] };

  for (const item of items) {
    if (item.kind === 'settle') {
      if (settles.has(item.callId)) continue;
      settles.add(item.callId);
      for (const node in item.charges) {
        charges.calls.push(item.callId);
        charges.nodes.push(node);
        charges.amounts.push(inRange(item.charges[node] ?? 0n));
      }
      continue;
    }
    calls.ids.push(item.callId);
    calls.basis.push(bases.index(JSON.stringify(item.versions), item.versions));
    calls.deadlines.push(Math.trunc(item.deadlineAtMs));
    calls.reasons.push(item.reason);
    const firstTake = takes.windows.length;
    for (const take of item.windows) {
      takes.windows.push(fresh(takes.windows, firstTake, windows.index(`${take.windowSeconds} ${take.window}`, take)));
      takes.limits.push(take.limit);
    }
    takes.ends.push(takes.windows.length);
    const firstAsk = asks.nodes.length;
    for (const ask of item.nodes) {
      periods.index(ask.period, ask.period);
      asks.nodes.push(fresh(asks.nodes, firstAsk, nodes.index(`${ask.period} ${ask.node}`, ask)));
      asks.amounts.push(inRange(ask.amount));
      asks.limits.push(inRange(ask.limit));
    }
    asks.ends.push(asks.nodes.length);
  }

  const pairs = bases.values.flatMap((versions, index) => Object.entries(versions).map((pair) => [index + 1, ...pair]));
  return {
    periods: periods.values,
    values: [
      ...[seat.tag, seat.spoolId, seat.incarnation, seat.number],
      ...[numbers(pairs.map((pair) => pair[0])), texts(pairs.map((pair) => String(pair[1])))],
      numbers(pairs.map((pair) => pair[2])),
      ...[texts(periods.values), texts(nodes.values.map((ask) => ask.node))],
      numbers(nodes.values.map((ask) => periods.index(ask.period, ask.period))),
      ...[texts(windows.values.map((take) => take.window)), numbers(windows.values.map((take) => take.windowSeconds))],
      ...[texts(calls.ids), numbers(calls.basis), numbers(calls.deadlines), texts(calls.reasons)],
      ...[numbers(takes.ends), numbers(asks.ends), numbers(takes.windows), numbers(takes.limits)],
      ...[numbers(asks.nodes), numbers(asks.amounts), numbers(asks.limits)],
      ...[texts([...settles]), texts(charges.calls), texts(charges.nodes), numbers(charges.amounts)],
    ],
  };
}

/** Puts the reply back into the order and the words of the items. */
export function decodeReply(wire: WireReply, items: readonly BatchItem[], periods: readonly Period[]): BatchReply {
  if (wire.kind !== 'done') return wire;
  const ends = new Map(periods.map((period, index) => [period, wire.periods[index] as [string, number | null]]));
  const settles = new Set<string>();
  let reserveIndex = 0;
  const replies = items.map((item): ItemReply => {
    if (item.kind === 'reserve') return decodeReserve(wire.reserves[reserveIndex++], item, ends, wire.nowMs);
    if (settles.has(item.callId)) return { kind: 'unknown-hold' };
    settles.add(item.callId);
    return wire.settled[settles.size - 1] === 1 ? { kind: 'settled' } : { kind: 'unknown-hold' };
  });
  return { kind: 'done', nowMs: wire.nowMs, replies };
}

type PeriodEnds = ReadonlyMap<Period, readonly [id: string, endsAtMs: number | null]>;

function decodeReserve(wire: WireReserve | undefined, item: ReserveItem, ends: PeriodEnds, nowMs: number): ItemReply {
  const [kind, first, second, third] = wire ?? [];
  const granted = (ask: NodeAsk | undefined, spent: unknown, held: unknown): GrantedNode => {
    const [periodId, endsAtMs] = (ask && ends.get(ask.period)) ?? [];
    if (!ask || periodId === undefined || endsAtMs === undefined)
      throw new Error('the stored reply is of another batch');
    const { node, period, limit } = ask;
    return { node, period, periodId, endsAtMs, limit, spent: BigInt(spent as number), held: BigInt(held as number) };
  };
  switch (kind) {
    case 0:
      return {
        kind: 'granted',
        windows: item.windows.map(({ window, limit, windowSeconds }, index) => ({
          ...{ window, limit, remaining: wire?.[1 + index] as number },
          resetAtMs: windowEnd(nowMs, windowSeconds),
        })),
        nodes: item.nodes.map((ask, index) => {
          const at = 1 + item.windows.length + 2 * index;
          return granted(ask, wire?.[at], wire?.[at + 1]);
        }),
      };
    case 1: {
      const take = item.windows[first as number];
      if (!take) break;
      const resetAtMs = windowEnd(nowMs, take.windowSeconds);
      return { kind: 'window-full', window: take.window, limit: take.limit, resetAtMs };
    }
    case 2:
      return { kind: 'exhausted', node: granted(item.nodes[first as number], second, third) };
    case 3:
      return { kind: 'held', node: granted(item.nodes[first as number], second, third) };
    case 4:
      return { kind: 'stale', subject: first as string, version: second as number };
  }
  throw new Error('the stored reply is of another batch');
}

function windowEnd(nowMs: number, windowSeconds: number): number {
  const windowMs = windowSeconds * 1000;
  return (Math.floor(nowMs / windowMs) + 1) * windowMs;
}

function fresh(indexes: readonly number[], from: number, index: number): number {
  if (indexes.indexOf(index, from) >= 0) throw new StateRejected('a node or window appears twice in one item');
  return index;
}

function inRange(amount: bigint): bigint {
  if (amount < 0n || amount > NANO_USD_MAX) throw new StateRejected(`${amount} is not within 0 and 9*10^15`);
  return amount;
}

/** Array literals by hand: the client's own conversion costs more than the rest of the call. */
function numbers(values: readonly (number | bigint | string | undefined)[]): string {
  return `{${values.join(',')}}`;
}

const plain = /^[\w:./-]+$/;

function texts(values: readonly string[]): string {
  let literal = '';
  for (const value of values) {
    literal += literal === '' ? '' : ',';
    // The unquoted word null would be read as no value.
    const unquoted = plain.test(value) && value.length !== 4;
    literal += unquoted ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }
  return `{${literal}}`;
}
