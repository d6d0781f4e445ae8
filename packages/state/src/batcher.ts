import { BatchLane } from './batch-lane.ts';
import { type BatcherClock, systemClock } from './batcher-clock.ts';
import { Superseded } from './batcher-error.ts';
import type { LaneContext } from './lane-context.ts';
import {
  type CounterStore,
  type Hold,
  type ItemReply,
  type ReserveItem,
  type Seat,
  type SettleItem,
  StateUnavailable,
  type Tag,
} from './port.ts';
import { SeatCloser } from './seat-closer.ts';

export { Superseded, TagRebuild } from './batcher-error.ts';

export interface BatcherOptions {
  readonly counters: CounterStore;
  readonly spoolId: string;
  /** 1 for a spool of one's own; what takeOver answered for a dead one's. */
  readonly incarnation?: number;
  /** The seats to go on from, as takeOver answers them. A tag without a seat begins at number 1. */
  readonly seats?: readonly Seat[];
  /** The epoch that is open. Default 1. */
  readonly epoch?: number;
  /**
   * The store is not what it was: it forgot a tag, a number or a hold, or is in a later epoch. Told again and again; what
   * was asked meanwhile rejects with TagRebuild.
   */
  readonly onLost?: (reason: string) => void;
  /** Default 256. */
  readonly batchItemsMax?: number;
  /** Reserves that may wait per tag; more are refused with StateUnavailable. Default 10,000. */
  readonly queueItemsMax?: number;
  /** After so long without an answer a reserve rejects with StateUnavailable. Default 1000. */
  readonly reserveTimeoutMs?: number;
  /** The seat of a tag of which nothing was asked for so long, and where nothing is held, is closed. Default 10 minutes. */
  readonly idleMs?: number;
  readonly clock?: BatcherClock;
}

/**
 * Joins the calls of a process into numbered batches, one under way per tag. A batch leaves when the reply before it is in,
 * else once the calls that are ready have joined. A batch without an answer is sent again, unchanged, until it has one:
 * no number is skipped and no grant happens twice.
 */
export interface Batcher {
  /** The tags that it keeps something about. */
  readonly size: number;
  /**
   * Rejects with StateUnavailable when the store did not answer in time (a grant that comes later is given back by itself),
   * TagRebuild, StateRejected or Superseded.
   */
  reserve(tag: Tag, item: ReserveItem): Promise<ItemReply>;
  /** Waits for the store as long as it takes. Rejects with Superseded, StateRejected, or StateUnavailable after `stop`. */
  settle(tag: Tag, item: SettleItem): Promise<ItemReply>;
  /** Resolves when everything that was asked is acknowledged. */
  drain(): Promise<void>;
  /**
   * Stops sending under the epoch that was: reserves reject with TagRebuild from now on, settles wait. Answers what running
   * calls hold, for the store to be told. Harmless when repeated.
   */
  leave(reason: string): readonly Hold[];
  /** Goes on under an epoch that is open and has what `leave` answered. */
  enter(epoch: number): void;
  /** Gives up what is not acknowledged and refuses everything from now on. The spool still knows it. */
  stop(): void;
}

export function createBatcher(options: BatcherOptions): Batcher {
  const lanes = new Map<Tag, BatchLane>();
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    closer.stop();
    for (const lane of lanes.values()) lane.stop(ended);
  };
  const context: LaneContext = {
    counters: options.counters,
    clock: options.clock ?? systemClock,
    batchItemsMax: options.batchItemsMax ?? 256,
    queueItemsMax: options.queueItemsMax ?? 10_000,
    reserveTimeoutMs: options.reserveTimeoutMs ?? 1000,
    onSuperseded: () => end(new Superseded()),
    onLost: (reason) => options.onLost?.(reason),
  };
  const { spoolId, incarnation = 1 } = options;
  let epoch = options.epoch ?? 1;
  let away: string | null = null;
  const closer = new SeatCloser({ lanes, clock: context.clock, idleMs: options.idleMs ?? 600_000 });
  for (const seat of options.seats ?? []) lanes.set(seat.tag, new BatchLane(context, seat));

  const add = (tag: Tag, item: ReserveItem | SettleItem): Promise<ItemReply> => {
    if (ended) return Promise.reject(ended);
    let lane = lanes.get(tag);
    if (!lane) {
      lane = new BatchLane(context, { tag, epoch, spoolId, incarnation, number: closer.floor, opens: true });
      if (away !== null) lane.leave(away);
      lanes.set(tag, lane);
      closer.start();
    }
    return lane.add(item);
  };

  return {
    get size() {
      return lanes.size;
    },
    reserve: add,
    settle: add,
    async drain() {
      await Promise.all([...lanes.values()].map((lane) => lane.drained()));
    },
    leave(reason) {
      away = reason;
      return [...lanes.values()].flatMap((lane) => lane.leave(reason));
    },
    enter(next) {
      epoch = next;
      away = null;
      closer.floor = 0;
      for (const lane of lanes.values()) lane.enter(next);
    },
    stop: () => end(new StateUnavailable('the batcher was stopped')),
  };
}
