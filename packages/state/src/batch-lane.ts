import { TagRebuild } from './batcher-error.ts';
import type { Entry, LaneContext, OpenHold, Sent } from './lane-context.ts';
import {
  type BatchItem,
  type BatchReply,
  type CloseReply,
  type Hold,
  type ItemReply,
  type Seat,
  StateRejected,
  StateUnavailable,
} from './port.ts';

const backoffMs = { first: 5, most: 250 };
const rebuildProbeMs = 500;

/** The batches of one tag: one under way at a time, numbered without holes. */
export class BatchLane {
  private readonly context: LaneContext;
  private seat: Seat;
  private settles: Entry[] = [];
  private reserves: Entry[] = [];
  private sent: Sent | null = null;
  private scheduled = false;
  /** So many departures carry a single item, to find the one that the store rejects. */
  private singles = 0;
  private failures = 0;
  private probing = false;
  private stopped: Error | null = null;
  private readonly timers = new Set<() => void>();
  private readonly open = new Map<string, OpenHold>();
  /** Between two epochs: nothing is sent. */
  private away = false;
  private watching = false;
  private idleListeners: (() => void)[] = [];
  /** The store has no seat for it: the next batch begins one. */
  private opens: boolean;
  private usedAtMs: number;

  /** `seat.number` is the last number used there. */
  constructor(context: LaneContext, seat: Seat) {
    this.context = context;
    this.seat = seat;
    this.opens = seat.opens ?? seat.number === 0;
    this.usedAtMs = context.clock.nowMs();
  }

  /** The last number used, by this seat or one before. */
  get number(): number {
    return this.seat.number;
  }

  /** Whether a new lane would be as good: nothing is asked or held, and the store has no seat. */
  isBlank(): boolean {
    return this.opens && this.isIdle() && this.open.size === 0;
  }

  /** Whether its seat may be closed: nothing was asked since that moment, and nothing is held. */
  isUnused(sinceMs: number): boolean {
    return this.usedAtMs <= sinceMs && this.isIdle() && this.open.size === 0 && !this.away && !this.stopped;
  }

  /** Closes the seat of an unused lane; what is asked meanwhile waits. Resolves when that has ended, well or not. */
  closeSeat(): Promise<void> {
    return new Promise((resolve) => {
      this.sent = { seat: this.seat, entries: [], items: [], unsure: false, closed: resolve };
      this.transmit(this.sent);
    });
  }

  add(item: BatchItem): Promise<ItemReply> {
    if (this.stopped) return Promise.reject(this.stopped);
    if (item.kind === 'reserve' && this.away) {
      return Promise.reject(new TagRebuild(this.seat.tag, 'the store is being rebuilt'));
    }
    if (item.kind === 'reserve' && this.reserves.length >= this.context.queueItemsMax) {
      return Promise.reject(new StateUnavailable('too many calls wait for the store'));
    }
    return new Promise((resolve, reject) => {
      this.push({ item, sinceMs: this.context.clock.nowMs(), answer: { resolve, reject } });
    });
  }

  /** Resolves when everything is acknowledged. */
  drained(): Promise<void> {
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idleListeners.push(resolve));
  }

  /** Nothing more is sent under this epoch, and no reply to what was sent counts. Answers what the tag's calls hold. */
  leave(reason: string): Hold[] {
    this.away = true;
    const sent = this.sent?.entries ?? [];
    this.endSent();
    for (const { item, answer } of [...sent, ...this.reserves]) {
      if (item.kind === 'reserve') answer?.reject(new TagRebuild(this.seat.tag, reason));
    }
    this.reserves = [];
    this.settles.unshift(...sent.filter((entry) => entry.item.kind === 'settle'));
    const { tag, spoolId } = this.seat;
    return [...this.open.values()].map(({ item, nodes, sinceMs }) => ({
      ...{ callId: item.callId, tag, spoolId, sinceMs, deadlineAtMs: item.deadlineAtMs, reason: item.reason },
      nodes: item.nodes.map(({ node, amount }, index) => ({
        ...{ node, amount, periodId: nodes[index]?.periodId ?? '' },
      })),
    }));
  }

  /** The store has what `leave` answered: goes on under this epoch, whose numbers begin at 1. */
  enter(epoch: number): void {
    this.seat = { ...this.seat, epoch, number: 0 };
    this.opens = true;
    this.away = false;
    this.failures = 0;
    this.depart();
  }

  stop(error: Error): void {
    this.stopped = error;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    for (const entry of [...(this.sent?.entries ?? []), ...this.settles, ...this.reserves]) entry.answer?.reject(error);
    this.settles = [];
    this.reserves = [];
    this.endSent();
    this.becomeIdle();
  }

  private push(entry: Entry): void {
    (entry.item.kind === 'settle' ? this.settles : this.reserves).push(entry);
    this.usedAtMs = entry.sinceMs;
    if (this.sent?.closed) this.watch();
    if (this.sent || this.scheduled) return;
    this.scheduled = true;
    this.context.clock.soon(() => {
      this.scheduled = false;
      this.depart();
    });
  }

  private depart(): void {
    if (this.sent || this.stopped || this.away) return;
    if (this.reserves.length === 0 && (this.settles.length === 0 || this.probing)) {
      if (this.isIdle()) this.becomeIdle();
      return;
    }
    const room = this.singles > 0 ? 1 : this.context.batchItemsMax;
    this.singles = Math.max(0, this.singles - 1);
    const entries = this.settles.splice(0, room);
    entries.push(...this.reserves.splice(0, room - entries.length));
    this.send(entries);
    this.watch();
  }

  private send(entries: readonly Entry[]): void {
    const { tag, epoch, spoolId, incarnation, number } = this.seat;
    const seat: Seat = { tag, epoch, spoolId, incarnation, number: number + 1, opens: this.opens };
    this.sent = { seat, entries, items: entries.map((entry) => entry.item), unsure: false, closed: null };
    this.transmit(this.sent);
  }

  private transmit(sent: Sent): void {
    const { counters } = this.context;
    const asked = sent.closed ? counters.closeSeat(sent.seat) : counters.batch(sent.seat, sent.items);
    asked.then(
      (reply) => this.sent === sent && this.onReply(sent, reply),
      (error: unknown) => this.sent === sent && this.onError(sent, error),
    );
  }

  private onReply(sent: Sent, reply: BatchReply | CloseReply): void {
    if (reply.kind === 'superseded') {
      this.context.onSuperseded();
      return;
    }
    this.endSent();
    this.failures = 0;
    if (reply.kind === 'begin') {
      // Whatever is still under way of the attempts before is at or below `after`, and refused.
      this.seat = { ...this.seat, number: reply.after };
      this.send(sent.entries);
      return;
    }
    if (reply.kind === 'closed') {
      this.opens = true;
    } else if (reply.kind === 'held') {
      this.usedAtMs = this.context.clock.nowMs();
    } else if (reply.kind === 'done') {
      this.seat = sent.seat;
      this.opens = false;
      sent.entries.forEach((entry, index) => {
        this.note(entry.item, reply.replies[index] as ItemReply, reply.nowMs);
        this.answer(entry, reply.replies[index] as ItemReply);
      });
    } else {
      this.onRebuild(sent, reply.kind === 'epoch' ? `the store is in epoch ${reply.epoch}` : reply.reason);
    }
    this.depart();
  }

  private note(item: BatchItem, reply: ItemReply, sinceMs: number): void {
    if (item.kind === 'settle') {
      const known = this.open.delete(item.callId);
      if (known && reply.kind === 'unknown-hold') this.context.onLost(`the hold of ${item.callId} is unknown`);
    } else if (reply.kind === 'granted') {
      this.open.set(item.callId, { item, nodes: reply.nodes, sinceMs });
    }
  }

  private answer({ item, answer }: Entry, reply: ItemReply): void {
    if (answer) answer.resolve(reply);
    else if (reply.kind === 'granted') {
      const release: BatchItem = { kind: 'settle', callId: item.callId, charges: {} };
      this.settles.push({ item: release, sinceMs: this.context.clock.nowMs(), answer: null });
    }
  }

  /** Nothing was applied, so the number is free again. Settles wait for the tag to come back. */
  private onRebuild({ seat, entries }: Sent, reason: string): void {
    for (const { item, answer } of entries) {
      if (item.kind === 'reserve') answer?.reject(new TagRebuild(seat.tag, reason));
    }
    this.settles.unshift(...entries.filter((entry) => entry.item.kind === 'settle'));
    this.context.onLost(`${seat.tag}: ${reason}`);
    if (this.settles.length === 0 || this.probing) return;
    this.probing = true;
    this.later(rebuildProbeMs, () => {
      this.probing = false;
      this.depart();
    });
  }

  private onError(sent: Sent, error: unknown): void {
    if (error instanceof StateRejected && !sent.unsure) {
      this.onRejected(sent, error);
      return;
    }
    sent.unsure = true;
    this.rejectOverdue();
    const delayMs = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.later(delayMs, () => this.sent === sent && this.transmit(sent));
  }

  /** Nothing was applied. Alone, the item is at fault; in company, each is asked by itself. */
  private onRejected({ entries }: Sent, error: StateRejected): void {
    this.endSent();
    if (entries.length === 1) {
      entries[0]?.answer?.reject(error);
    } else {
      this.settles.unshift(...entries.filter((entry) => entry.item.kind === 'settle'));
      this.reserves.unshift(...entries.filter((entry) => entry.item.kind === 'reserve'));
      this.singles = entries.length;
    }
    this.depart();
  }

  /** While a batch is under way: tells reserves that waited too long that the store is away. */
  private watch(): void {
    if (this.watching) return;
    this.watching = true;
    this.later(this.context.reserveTimeoutMs, () => {
      this.watching = false;
      this.rejectOverdue();
      if (this.sent) this.watch();
    });
  }

  private rejectOverdue(): void {
    const overdueMs = this.context.clock.nowMs() - this.context.reserveTimeoutMs;
    const isOverdue = (entry: Entry) => entry.item.kind === 'reserve' && entry.sinceMs <= overdueMs;
    const sent = this.sent?.entries.filter(isOverdue) ?? [];
    for (const entry of [...sent, ...this.reserves.filter(isOverdue)]) {
      entry.answer?.reject(new StateUnavailable('the store did not answer in time'));
      entry.answer = null;
    }
    this.reserves = this.reserves.filter((entry) => !isOverdue(entry));
  }

  private later(delayMs: number, run: () => void): void {
    const cancel = this.context.clock.later(delayMs, () => {
      this.timers.delete(cancel);
      run();
    });
    this.timers.add(cancel);
  }

  private endSent(): void {
    this.sent?.closed?.();
    this.sent = null;
  }

  private isIdle(): boolean {
    return !this.sent && this.settles.length === 0 && this.reserves.length === 0;
  }

  private becomeIdle(): void {
    const listeners = this.idleListeners;
    this.idleListeners = [];
    for (const listener of listeners) listener();
  }
}
