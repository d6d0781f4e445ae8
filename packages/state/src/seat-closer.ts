import type { BatchLane } from './batch-lane.ts';
import type { BatcherClock } from './batcher-clock.ts';
import type { Tag } from './port.ts';

/** Seats that are being closed at once: a hundred thousand that fall idle together do not crowd out the calls. */
const CLOSING_MAX = 8;
/** A round over all lanes takes a minute: a million are looked at in parts of 0.5 ms. */
const STEPS = 60;
const STEP_MS = 1_000;

interface SeatCloserOptions {
  readonly lanes: Map<Tag, BatchLane>;
  readonly clock: BatcherClock;
  readonly idleMs: number;
}

/** Walks the lanes of a batcher, a part at a time; closes the seats of those that are idle, and drops them. */
export class SeatCloser {
  /** The highest number of a seat that was closed: a new one begins after it and is not refused. */
  floor = 0;
  private readonly options: SeatCloserOptions;
  private walk: Iterator<[Tag, BatchLane]> | null = null;
  private readonly waiting = new Map<Tag, BatchLane>();
  private closing = 0;
  private cancel: (() => void) | null = null;

  constructor(options: SeatCloserOptions) {
    this.options = options;
  }

  /** There are lanes. Goes on until there are none. */
  start(): void {
    const { clock, idleMs } = this.options;
    this.cancel ??= clock.later(Math.min(STEP_MS, idleMs / 4), () => {
      this.cancel = null;
      this.step();
      if (this.options.lanes.size > 0) this.start();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
    this.waiting.clear();
  }

  private step(): void {
    const { lanes, clock, idleMs } = this.options;
    const sinceMs = clock.nowMs() - idleMs;
    this.walk ??= lanes.entries();
    for (let left = Math.ceil(lanes.size / STEPS); left > 0; left -= 1) {
      const { value, done } = this.walk.next();
      if (done) {
        this.walk = null;
        break;
      }
      const [tag, lane] = value;
      if (lane.isUnused(sinceMs)) this.waiting.set(tag, lane);
    }
    this.closeNext();
  }

  private closeNext(): void {
    const sinceMs = this.options.clock.nowMs() - this.options.idleMs;
    for (const [tag, lane] of this.waiting) {
      if (this.closing >= CLOSING_MAX) return;
      this.waiting.delete(tag);
      if (!lane.isUnused(sinceMs)) continue;
      if (lane.isBlank()) {
        this.drop(tag, lane);
        continue;
      }
      this.closing += 1;
      void lane.closeSeat().then(() => {
        this.closing -= 1;
        if (lane.isBlank()) this.drop(tag, lane);
        this.closeNext();
      });
    }
  }

  private drop(tag: Tag, lane: BatchLane): void {
    this.floor = Math.max(this.floor, lane.number);
    this.options.lanes.delete(tag);
  }
}
