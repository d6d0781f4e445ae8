import { settle } from '@tollwright/core';
import { type Batcher, createBatcher, Superseded } from '../batcher.ts';
import { type CounterStore, StateUnavailable } from '../port.ts';
import { type Fate, lossyNetwork } from './lossy-network.ts';
import { type ModelOptions, ModelStore } from './model-store.ts';
import { VirtualClock } from './virtual-clock.ts';

/** One call at one gateway: asks for `hold` at a moment, runs, and has used `used` in the end. */
export interface Call {
  readonly gateway: number;
  readonly startsAtMs: number;
  readonly runsMs: number;
  readonly hold: bigint;
  readonly used: bigint;
}

/** A gateway that dies at a moment and whose successor then drains what it left, all of it spent. */
export interface Crash {
  readonly gateway: number;
  readonly atMs: number;
}

export interface Schedule {
  readonly limit: bigint;
  readonly gateways: number;
  readonly calls: readonly Call[];
  readonly fates: readonly Fate[];
  readonly crashes: readonly Crash[];
}

/** Counted beside the store, from what callers were told, and what the store says in the end. */
export interface Outcome {
  readonly forwarded: number;
  /** What all forwarded calls used, at most their holds: what customers owe. */
  readonly owed: bigint;
  readonly spent: bigint;
  readonly held: bigint;
  readonly openHolds: number;
  readonly unexpected: readonly string[];
}

const tag = 'c:cus_1';
const node = 'budget:own';

/** Runs a schedule to its end: every batch acknowledged, every dead gateway drained. */
export async function runSchedule(schedule: Schedule, options: ModelOptions = {}): Promise<Outcome> {
  const run = new ScheduleRun(schedule, options);
  schedule.calls.forEach((call, index) => {
    run.clock.later(call.startsAtMs, () => run.start(call, `evt_${index}`));
  });
  for (const { gateway, atMs } of schedule.crashes) run.clock.later(atMs, () => run.crash(gateway));
  await run.clock.run(600_000);
  const { spent, held } = run.store.counters.get(node) ?? { spent: 0n, held: 0n };
  const { forwarded, owed, unexpected } = run;
  return { forwarded, owed, spent, held, openHolds: run.store.holds.size, unexpected };
}

class ScheduleRun {
  readonly clock = new VirtualClock();
  readonly store: ModelStore;
  readonly unexpected: string[] = [];
  forwarded = 0;
  owed = 0n;
  private readonly network: CounterStore;
  private readonly limit: bigint;
  private readonly batchers = new Map<number, Batcher>();

  constructor({ limit, gateways, fates }: Schedule, options: ModelOptions) {
    this.limit = limit;
    this.store = new ModelStore(options);
    this.network = lossyNetwork(this.store, this.clock, fates[Symbol.iterator]());
    const common = { counters: this.network, clock: this.clock, reserveTimeoutMs: 40, batchItemsMax: 3 };
    for (let gateway = 0; gateway < gateways; gateway += 1) {
      this.batchers.set(gateway, createBatcher({ ...common, spoolId: spoolOf(gateway) }));
    }
  }

  start(call: Call, callId: string): void {
    const batcher = this.batchers.get(call.gateway);
    if (!batcher) return;
    const ask = { node, kind: 'budget', period: 'total', limit: this.limit, amount: call.hold } as const;
    const told = batcher.reserve(tag, {
      ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 0, reason: 'a call' },
      nodes: [ask],
    });
    told.then((reply) => {
      if (reply.kind !== 'granted') return;
      this.forwarded += 1;
      this.owed += settle({ spent: 0n, held: call.hold }, call.hold, call.used).charged;
      this.clock.later(call.runsMs, () => {
        if (this.batchers.get(call.gateway) === batcher) this.settle(batcher, callId, call.used);
      });
    }, this.expectGone);
  }

  /** The successor charges all that was held, since it cannot know better. */
  crash(gateway: number): void {
    this.batchers.get(gateway)?.stop();
    if (!this.batchers.delete(gateway)) return;
    const spoolId = spoolOf(gateway);
    const { incarnation, number, callIds } = this.store.takeOver(spoolId);
    const seats = [{ tag, epoch: 1, spoolId, incarnation, number }];
    const successor = createBatcher({ counters: this.network, clock: this.clock, spoolId, incarnation, seats });
    for (const callId of callIds) this.settle(successor, callId, this.limit);
  }

  private settle(batcher: Batcher, callId: string, amount: bigint): void {
    batcher.settle(tag, { kind: 'settle', callId, charges: { [node]: amount } }).then((reply) => {
      if (reply.kind !== 'settled') this.unexpected.push(`${callId}: ${reply.kind}`);
    }, this.expectGone);
  }

  private readonly expectGone = (error: unknown) => {
    if (!(error instanceof StateUnavailable || error instanceof Superseded)) this.unexpected.push(String(error));
  };
}

function spoolOf(gateway: number): string {
  return `spl_${gateway}`;
}
