import type { Period } from '@tollwright/core';
import type { BatchItem, BatchReply, GrantedNode, GrantedWindow, ItemReply, NodeAsk, ReserveItem } from '../port.ts';

/**
 * What a store answers to a batch, as JSON, whichever adapter is there. A reserve is answered
 * [0, remaining.., spent, held, ..] granted | [1, window] full | [2|3, node, spent, held] exhausted or held |
 * [4, subject, version] stale, where `window` and `node` are positions within the call, from 0.
 */
export type WireReply =
  | { readonly kind: 'rebuild'; readonly reason: string }
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'superseded' }
  | { readonly kind: 'begin'; readonly after: number }
  | {
      readonly kind: 'done';
      readonly nowMs: number;
      readonly periods: readonly (readonly [id: string, endsAtMs: number | null])[];
      readonly reserves: readonly WireReserve[];
      readonly settled: readonly (0 | 1)[];
    };
type WireReserve = readonly [kind: number, ...rest: (number | string)[]];

/** Puts the reply back into the order and the words of the items. */
export function decodeReply(wire: WireReply, items: readonly BatchItem[], periods: readonly Period[]): BatchReply {
  if (wire.kind !== 'done') return wire;
  const ends: PeriodEnds = new Map(
    periods.map((period, index) => {
      const [id, endsAtMs] = wire.periods[index] ?? otherBatch();
      return [period, { id, endsAtMs }];
    }),
  );
  const settles = new Set<string>();
  let reserveIndex = 0;
  const replies = items.map((item): ItemReply => {
    if (item.kind === 'reserve') return decodeReserve(wire.reserves[reserveIndex++], item, ends, wire.nowMs);
    if (settles.has(item.callId)) return UNKNOWN_HOLD;
    settles.add(item.callId);
    return wire.settled[settles.size - 1] === 1 ? SETTLED : UNKNOWN_HOLD;
  });
  return { kind: 'done', nowMs: wire.nowMs, replies };
}

const SETTLED: ItemReply = { kind: 'settled' };
const UNKNOWN_HOLD: ItemReply = { kind: 'unknown-hold' };

type PeriodEnds = ReadonlyMap<Period, { readonly id: string; readonly endsAtMs: number | null }>;

function decodeReserve(wire: WireReserve | undefined, item: ReserveItem, ends: PeriodEnds, nowMs: number): ItemReply {
  if (wire === undefined) return otherBatch();
  switch (wire[0]) {
    case 0:
      return decodeGrant(wire, item, ends, nowMs);
    case 1: {
      const { window, limit, windowSeconds } = item.windows[wire[1] as number] ?? otherBatch();
      return { kind: 'window-full', window, limit, resetAtMs: windowEnd(nowMs, windowSeconds) };
    }
    case 2:
      return { kind: 'exhausted', node: nodeAfter(item.nodes[wire[1] as number], ends, wire[2], wire[3]) };
    case 3:
      return { kind: 'held', node: nodeAfter(item.nodes[wire[1] as number], ends, wire[2], wire[3]) };
    case 4:
      return { kind: 'stale', subject: wire[1] as string, version: wire[2] as number };
  }
  return otherBatch();
}

function decodeGrant(wire: WireReserve, item: ReserveItem, ends: PeriodEnds, nowMs: number): ItemReply {
  let at = 1;
  const windows: GrantedWindow[] = [];
  for (const { window, limit, windowSeconds } of item.windows) {
    windows.push({ window, limit, remaining: wire[at++] as number, resetAtMs: windowEnd(nowMs, windowSeconds) });
  }
  const nodes: GrantedNode[] = [];
  for (const ask of item.nodes) nodes.push(nodeAfter(ask, ends, wire[at++], wire[at++]));
  return { kind: 'granted', windows, nodes };
}

function nodeAfter(ask: NodeAsk | undefined, ends: PeriodEnds, spent: unknown, held: unknown): GrantedNode {
  if (ask === undefined) return otherBatch();
  const { node, period, limit } = ask;
  const { id, endsAtMs } = ends.get(period) ?? otherBatch();
  return { node, period, periodId: id, endsAtMs, limit, spent: BigInt(spent as number), held: BigInt(held as number) };
}

function otherBatch(): never {
  throw new Error('the stored reply is of another batch');
}

function windowEnd(nowMs: number, windowSeconds: number): number {
  const windowMs = windowSeconds * 1000;
  return (Math.floor(nowMs / windowMs) + 1) * windowMs;
}
