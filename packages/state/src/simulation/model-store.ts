import { type Counter, reserve, settle } from '@tollwright/core';
import type {
  BatchItem,
  BatchReply,
  CloseReply,
  GrantedNode,
  ItemReply,
  NodeAsk,
  ReserveItem,
  Seat,
  SeatRefusal,
} from '../port.ts';

interface ModelSeat {
  incarnation: number;
  number: number;
  reply: BatchReply;
}

export interface ModelOptions {
  /** A planted defect: the store does not keep the replies of its seats. */
  readonly forgetsReplies?: boolean;
  /** A planted defect: a copy of its data passes for the store itself. */
  readonly keepsIdentity?: boolean;
  /** A planted defect: numbers of seats that were closed are forgotten, and open others. */
  readonly forgetsClosed?: boolean;
}

/** The data of a store at a moment. */
export interface ModelCopy {
  readonly counters: readonly (readonly [string, Counter])[];
  readonly holds: readonly (readonly [string, { readonly item: ReserveItem; readonly spoolId: string }])[];
  readonly seats: readonly (readonly [string, ModelSeat])[];
  readonly epoch: number;
  readonly closedNumber: number;
}

/** One tag of a store, in memory, by the rules of the port alone. Every period is `total`; there are no windows. */
export class ModelStore {
  readonly counters = new Map<string, Counter>();
  readonly holds = new Map<string, { readonly item: ReserveItem; readonly spoolId: string }>();
  /** The epoch that the tag is of. */
  epoch = 1;
  /** False once the store is not the one that made the tag. */
  own = true;
  closings = 0;
  /** The highest number of a seat that was closed. */
  private closedNumber = 0;
  private readonly seats = new Map<string, ModelSeat>();
  private readonly incarnations = new Map<string, number>();
  private readonly options: ModelOptions;

  constructor(options: ModelOptions = {}) {
    this.options = options;
  }

  batch(at: Seat, items: readonly BatchItem[]): BatchReply {
    const refusal = this.refuse(at);
    if (refusal) return refusal;
    const { incarnation } = at;
    const opens = at.opens === true || at.number === 1;
    const known = this.seats.get(at.spoolId);
    if (!known && opens && at.number <= this.closedNumber) return { kind: 'begin', after: this.closedNumber };
    const begun = { number: opens ? at.number - 1 : 0, reply: { kind: 'superseded' } } as const;
    const seat = known ?? begun;
    if (at.number === seat.number && !this.options.forgetsReplies) return seat.reply;
    if (at.number < seat.number || at.number > seat.number + 1) return { kind: 'rebuild', reason: 'another number' };
    const order = [
      ...items.filter((item) => item.kind === 'settle'),
      ...items.filter((item) => item.kind === 'reserve'),
    ];
    const answers = new Map(order.map((item) => [item, this.apply(item, at.spoolId)]));
    const replies = items.map((item) => answers.get(item) as ItemReply);
    const reply: BatchReply = { kind: 'done', nowMs: 0, replies };
    this.seats.set(at.spoolId, { incarnation, number: at.number, reply });
    return reply;
  }

  closeSeat(at: Seat): CloseReply {
    const refusal = this.refuse(at);
    if (refusal) return refusal;
    const seat = this.seats.get(at.spoolId);
    if (!seat && at.number <= this.closedNumber) return { kind: 'closed' };
    if (seat?.number !== at.number) return { kind: 'rebuild', reason: 'another number' };
    if ([...this.holds.values()].some((hold) => hold.spoolId === at.spoolId)) return { kind: 'held' };
    this.seats.delete(at.spoolId);
    this.closings += 1;
    if (!this.options.forgetsClosed) this.closedNumber = Math.max(this.closedNumber, at.number);
    return { kind: 'closed' };
  }

  /** Whether a spool has a seat. */
  isSeated(spoolId: string): boolean {
    return this.seats.has(spoolId);
  }

  private refuse(at: Seat): SeatRefusal | null {
    if (!this.own) return { kind: 'rebuild', reason: 'another store' };
    if (at.epoch < this.epoch) return { kind: 'epoch', epoch: this.epoch };
    if (at.epoch > this.epoch) return { kind: 'rebuild', reason: 'an older epoch' };
    return at.incarnation < (this.incarnations.get(at.spoolId) ?? 1) ? { kind: 'superseded' } : null;
  }

  /** Raises the incarnation of a dead spool; answers where its successor goes on and what it left. */
  takeOver(spoolId: string): { readonly incarnation: number; readonly number: number; readonly callIds: string[] } {
    const incarnation = (this.incarnations.get(spoolId) ?? 1) + 1;
    this.incarnations.set(spoolId, incarnation);
    const held = [...this.holds].filter(([, hold]) => hold.spoolId === spoolId);
    return { incarnation, number: this.seats.get(spoolId)?.number ?? 0, callIds: held.map(([callId]) => callId) };
  }

  /** What a copy of its data would hold. */
  copy(): ModelCopy {
    const seats = [...this.seats].map(([spoolId, seat]) => [spoolId, { ...seat }] as const);
    const { epoch, closedNumber } = this;
    return { counters: [...this.counters], holds: [...this.holds], seats, epoch, closedNumber };
  }

  /** Takes the store back to a copy. Whoever reads it can tell, unless the defect is planted. */
  rollBack(copy: ModelCopy): void {
    this.fill(copy.counters, copy.holds, copy.seats);
    this.epoch = copy.epoch;
    this.closedNumber = copy.closedNumber;
    this.own = this.options.keepsIdentity === true;
  }

  /** Makes the tag anew in an epoch: what was spent, and what is held. */
  restore(epoch: number, node: string, spent: bigint, held: ModelCopy['holds']): void {
    const sum = held.reduce((total, [, { item }]) => total + (item.nodes[0]?.amount ?? 0n), 0n);
    this.fill([[node, { spent, held: sum }]], held, []);
    this.epoch = epoch;
    this.own = true;
  }

  private fill(counters: ModelCopy['counters'], holds: ModelCopy['holds'], seats: ModelCopy['seats']): void {
    this.counters.clear();
    this.holds.clear();
    this.seats.clear();
    for (const [node, counter] of counters) this.counters.set(node, counter);
    for (const [callId, hold] of holds) this.holds.set(callId, hold);
    for (const [spoolId, seat] of seats) this.seats.set(spoolId, { ...seat });
  }

  private apply(item: BatchItem, spoolId: string): ItemReply {
    if (item.kind === 'settle') {
      const hold = this.holds.get(item.callId);
      if (hold?.spoolId !== spoolId) return { kind: 'unknown-hold' };
      this.holds.delete(item.callId);
      for (const ask of hold.item.nodes) {
        const { counter } = settle(this.counter(ask.node), ask.amount, item.charges[ask.node] ?? 0n);
        this.counters.set(ask.node, counter);
      }
      return { kind: 'settled' };
    }
    for (const ask of item.nodes) {
      const tried = reserve(ask.limit, this.counter(ask.node), ask.amount);
      if (tried.kind !== 'granted') return { kind: tried.kind, node: this.show(ask) };
    }
    for (const ask of item.nodes) {
      const { spent, held } = this.counter(ask.node);
      this.counters.set(ask.node, { spent, held: held + ask.amount });
    }
    this.holds.set(item.callId, { item, spoolId });
    return { kind: 'granted', windows: [], nodes: item.nodes.map((ask) => this.show(ask)) };
  }

  private counter(node: string): Counter {
    return this.counters.get(node) ?? { spent: 0n, held: 0n };
  }

  private show({ node, limit }: NodeAsk): GrantedNode {
    return { ...{ node, limit, period: 'total', periodId: 'total', endsAtMs: null }, ...this.counter(node) };
  }
}
