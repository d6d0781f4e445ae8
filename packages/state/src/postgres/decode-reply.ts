import type { Period } from '@tollwright/core';
import type { BatchItem, BatchReply, GrantedNode, ItemReply, NodeAsk, ReserveItem } from '../port.ts';

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
