import type { BatcherClock } from './batcher-clock.ts';
import type { BatchItem, CounterStore, GrantedNode, ItemReply, ReserveItem, Seat } from './port.ts';

/** What all lanes of a batcher have in common. */
export interface LaneContext {
  readonly counters: CounterStore;
  readonly clock: BatcherClock;
  readonly batchItemsMax: number;
  readonly queueItemsMax: number;
  readonly reserveTimeoutMs: number;
  onSuperseded(): void;
  /** The store is not what it was: it forgot a tag, a number or a hold, or is in a later epoch. */
  onLost(reason: string): void;
}

/** What a call holds in the store, as far as its gateway was told: granted, and no end of it acknowledged. */
export interface OpenHold {
  readonly item: ReserveItem;
  readonly nodes: readonly GrantedNode[];
  readonly sinceMs: number;
}

/** `answer` is null once nobody waits any more: what a reserve is granted then, the lane gives back. */
export interface Entry {
  readonly item: BatchItem;
  readonly sinceMs: number;
  answer: { resolve(reply: ItemReply): void; reject(error: Error): void } | null;
}

/** A numbered batch, or where `closed` is there the closing of the seat. `unsure`: an attempt got no answer, so the store may have applied it, and it may never change. */
export interface Sent {
  readonly seat: Seat;
  readonly entries: readonly Entry[];
  readonly items: readonly BatchItem[];
  unsure: boolean;
  /** Hears that the attempt has ended, well or not. */
  readonly closed: (() => void) | null;
}
