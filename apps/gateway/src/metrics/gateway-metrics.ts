import { Histogram } from '@tollwright/metrics';
import type { CounterStore } from '@tollwright/state';
import type { BreakerChange } from '../upstream/failover.ts';

/**
 * How a call to a route ended. `unbilled`: it was forwarded, and failed or was answered with an error. `replayed`: its first
 * answer was given again.
 */
export const OUTCOMES = ['charged', 'free', 'unbilled', 'refused', 'replayed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** First digits of statuses; 0 is a call without a status. */
export const CLASSES = ['none', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Breakers whose state is told; beyond that the oldest is forgotten. */
const BREAKERS_MAX = 10_000;

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const OVERHEAD_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const BATCH_ITEMS = [1, 2, 5, 10, 20, 50, 100, 200];
const MILLISECONDS = 1_000;

/** What a gateway counts while it serves. Adding to it allocates nothing but once for each API and problem. */
export class GatewayMetrics {
  readonly calls = new Map<string, Float64Array>();
  readonly problems = new Map<string, number>();
  readonly breakers = new Map<string, BreakerChange>();
  readonly totalSeconds = new Histogram(SECONDS);
  readonly overheadSeconds = new Histogram(OVERHEAD_SECONDS);
  readonly batchItems = new Histogram(BATCH_ITEMS);
  readonly storeSeconds = new Histogram(SECONDS);
  storeFailures = 0;

  /** A call to a route of an API ended. `status` is what the caller was answered. */
  called(apiId: string, outcome: Outcome, status: number): void {
    let counts = this.calls.get(apiId);
    if (counts === undefined) {
      counts = new Float64Array(OUTCOMES.length * CLASSES.length);
      this.calls.set(apiId, counts);
    }
    const at = OUTCOMES.indexOf(outcome) * CLASSES.length + Math.min(5, Math.trunc(status / 100));
    counts[at] = (counts[at] as number) + 1;
  }

  /** How long a forwarded call took, and how much of that the gateway itself took. Milliseconds. */
  took(totalMs: number, overheadMs: number): void {
    this.totalSeconds.observe(totalMs / MILLISECONDS);
    this.overheadSeconds.observe(overheadMs / MILLISECONDS);
  }

  problem(slug: string): void {
    this.problems.set(slug, (this.problems.get(slug) ?? 0) + 1);
  }

  breaker(change: BreakerChange): void {
    const key = `${change.owner} ${change.origin}`;
    this.breakers.delete(key);
    this.breakers.set(key, change);
    if (this.breakers.size <= BREAKERS_MAX) return;
    for (const oldest of this.breakers.keys()) if (this.breakers.delete(oldest)) return;
  }

  /** The same store, with its batches counted and timed. */
  measured(counters: CounterStore): CounterStore {
    return {
      batch: (seat, items) => {
        const startedMark = performance.now();
        this.batchItems.observe(items.length);
        const reply = counters.batch(seat, items);
        reply.then(
          () => this.storeSeconds.observe((performance.now() - startedMark) / MILLISECONDS),
          () => {
            this.storeFailures++;
          },
        );
        return reply;
      },
      closeSeat: (seat) => counters.closeSeat(seat),
      read: (tag) => counters.read(tag),
      readWindows: (tag, windows) => counters.readWindows(tag, windows),
      holds: (filter) => counters.holds(filter),
    };
  }
}
