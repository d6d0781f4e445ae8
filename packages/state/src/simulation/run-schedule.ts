import { settle } from '@tollwright/core';
import { type Batcher, createBatcher, Superseded, TagRebuild } from '../batcher.ts';
import { type CounterStore, StateUnavailable } from '../port.ts';
import { type Fate, lossyNetwork } from './lossy-network.ts';
import { type ModelCopy, type ModelOptions, ModelStore } from './model-store.ts';
import { ModelWorker } from './model-worker.ts';
import { PausedClock } from './paused-clock.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What happens to the store and the gateways of a schedule, in the order of its list. */
export type Step =
  /** A call asks for `hold`, runs, and has used `used` in the end. */
  | {
      readonly kind: 'call';
      readonly gateway: number;
      readonly atMs: number;
      readonly runsMs: number;
      readonly hold: bigint;
      readonly used: bigint;
    }
  /** A gateway dies, and a successor drains what it left. */
  | { readonly kind: 'crash'; readonly gateway: number; readonly atMs: number }
  /** A gateway stands still, and wakes. */
  | { readonly kind: 'pause'; readonly gateway: number; readonly atMs: number; readonly forMs: number }
  /** The store is replaced by a copy from `backMs` before. */
  | { readonly kind: 'rollback'; readonly atMs: number; readonly backMs: number }
  /** An operator raises the epoch. */
  | { readonly kind: 'raise'; readonly atMs: number };

export interface Schedule {
  readonly limit: bigint;
  readonly gateways: number;
  readonly steps: readonly Step[];
  readonly fates: readonly Fate[];
}

/** Counted beside the store, from what callers were told, and what the store says in the end. */
export interface Outcome {
  readonly forwarded: number;
  /** What all forwarded calls are charged, at most their holds: what customers owe. */
  readonly owed: bigint;
  readonly spent: bigint;
  readonly held: bigint;
  readonly openHolds: number;
  readonly epochs: number;
  /** How many seats were closed, and how many gateways that are alive still have one. */
  readonly closings: number;
  readonly seated: number;
  readonly unexpected: readonly string[];
}

interface ModelGateway {
  readonly spoolId: string;
  readonly clock: PausedClock;
  readonly batcher: Batcher;
  /** Forwarded calls without an event: the intents on its disk. */
  readonly intents: Map<string, bigint>;
  epoch: number | null;
}

const tag = 'c:cus_1';
const node = 'budget:own';
const LOOK_EVERY_MS = 15;
const UNTIL_MS = 1_500;
/** Longer than some gaps between calls, shorter than others. */
const IDLE_MS = 40;

/** Runs a schedule to its end: every batch acknowledged, every dead gateway drained, the last epoch open. */
export async function runSchedule(schedule: Schedule, options: ModelOptions = {}): Promise<Outcome> {
  const run = new ScheduleRun(schedule, options);
  schedule.steps.forEach((step, index) => {
    run.clock.later(step.atMs, () => run.take(step, `evt_${index}`));
  });
  await run.clock.run(600_000);
  const { spent, held } = run.store.counters.get(node) ?? { spent: 0n, held: 0n };
  const owed = [...run.worker.events.values()].reduce((sum, charge) => sum + charge, 0n);
  const { forwarded, unexpected, seated } = run;
  const { closings, holds } = run.store;
  return {
    forwarded,
    owed,
    spent,
    held,
    openHolds: holds.size,
    epochs: run.worker.epoch,
    closings,
    seated,
    unexpected,
  };
}

class ScheduleRun {
  readonly clock = new VirtualClock();
  readonly store: ModelStore;
  readonly worker: ModelWorker;
  readonly unexpected: string[] = [];
  forwarded = 0;
  private readonly network: CounterStore;
  private readonly limit: bigint;
  private readonly gateways = new Map<number, ModelGateway>();
  private readonly copies: { readonly atMs: number; readonly copy: ModelCopy }[] = [];
  /** Dead spools, each with the successor that settles what it left, in the epoch that it began in. */
  private readonly draining = new Map<string, { readonly epoch: number; readonly batcher: Batcher }>();

  constructor({ limit, gateways, fates, steps }: Schedule, options: ModelOptions) {
    this.limit = limit;
    this.store = new ModelStore(options);
    this.worker = new ModelWorker(this.store, node, limit);
    this.network = lossyNetwork(this.store, this.clock, fates[Symbol.iterator]());
    for (let gateway = 0; gateway < gateways; gateway += 1) this.gateways.set(gateway, this.startGateway(gateway));
    if (steps.some((step) => step.kind === 'rollback')) this.keepCopies();
    this.lookAgain();
  }

  /** Gateways that are alive and still have a seat. */
  get seated(): number {
    return [...this.gateways.values()].filter(({ spoolId }) => this.store.isSeated(spoolId)).length;
  }

  take(step: Step, callId: string): void {
    switch (step.kind) {
      case 'call':
        this.start(step, callId);
        break;
      case 'crash':
        this.crash(step.gateway);
        break;
      case 'pause':
        this.gateways.get(step.gateway)?.clock.pause(step.forMs);
        break;
      case 'raise':
        this.worker.raise(this.worker.epoch);
        break;
      case 'rollback': {
        const found = this.copies.findLast(({ atMs }) => atMs <= this.clock.nowMs() - step.backMs);
        if (found) this.store.rollBack(found.copy);
      }
    }
  }

  private startGateway(index: number): ModelGateway {
    const clock = new PausedClock(this.clock);
    const spoolId = `spl_${index}`;
    const gateway: ModelGateway = {
      ...{ spoolId, clock, intents: new Map<string, bigint>(), epoch: 1 },
      batcher: createBatcher({
        ...{ counters: clock.hears(this.network), clock, spoolId, reserveTimeoutMs: 40, batchItemsMax: 3 },
        idleMs: IDLE_MS,
        onLost: () => this.lost(gateway),
      }),
    };
    return gateway;
  }

  private lost(gateway: ModelGateway): void {
    if (gateway.epoch === null) return;
    gateway.batcher.leave('lost');
    this.worker.raise(gateway.epoch);
    gateway.epoch = null;
  }

  private start(call: Extract<Step, { kind: 'call' }>, callId: string): void {
    const gateway = this.gateways.get(call.gateway);
    if (!gateway) return;
    gateway.clock.soon(() => {
      if (this.gateways.get(call.gateway) !== gateway) return;
      const ask = { node, kind: 'budget', period: 'total', limit: this.limit, amount: call.hold } as const;
      const told = gateway.batcher.reserve(tag, {
        ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 0, reason: 'a call' },
        nodes: [ask],
      });
      told.then((reply) => {
        if (reply.kind !== 'granted' || this.gateways.get(call.gateway) !== gateway) return;
        this.forwarded += 1;
        gateway.intents.set(callId, call.hold);
        gateway.clock.later(call.runsMs, () => {
          if (this.gateways.get(call.gateway) !== gateway) return;
          const { charged } = settle({ spent: 0n, held: call.hold }, call.hold, call.used);
          gateway.intents.delete(callId);
          this.worker.events.set(callId, charged);
          this.settle(gateway.batcher, callId, charged);
        });
      }, this.expectGone);
    });
  }

  /** Its calls without an event are charged what they held; holds of calls that were never forwarded are released. */
  private crash(index: number): void {
    const gateway = this.gateways.get(index);
    if (!gateway) return;
    this.gateways.delete(index);
    gateway.batcher.stop();
    for (const [callId, hold] of gateway.intents) this.worker.events.set(callId, hold);
    this.drain(gateway.spoolId);
  }

  private drain(spoolId: string): void {
    this.draining.get(spoolId)?.batcher.stop();
    const { incarnation, number, callIds } = this.store.takeOver(spoolId);
    const { epoch, open } = this.worker;
    const seats = [{ tag, epoch, spoolId, incarnation, number }];
    const successor = createBatcher({
      ...{ counters: this.network, clock: this.clock, spoolId, incarnation, seats, epoch },
      onLost: () => this.worker.raise(epoch),
    });
    // Between two epochs there is nothing to settle yet: what it left is listed anew once the next one is open.
    this.draining.set(spoolId, { epoch: open ? epoch : 0, batcher: successor });
    if (!open) return;
    for (const callId of callIds) this.settle(successor, callId, this.worker.events.get(callId) ?? 0n);
  }

  private settle(batcher: Batcher, callId: string, amount: bigint): void {
    batcher.settle(tag, { kind: 'settle', callId, charges: { [node]: amount } }).then((reply) => {
      if (reply.kind !== 'settled' && this.worker.epoch === 1) this.unexpected.push(`${callId}: ${reply.kind}`);
    }, this.expectGone);
  }

  private lookAgain(): void {
    this.clock.later(LOOK_EVERY_MS, () => {
      this.look();
      if (this.clock.nowMs() < UNTIL_MS) this.lookAgain();
    });
  }

  /** What gateways, successors and the worker do now and then. */
  private look(): void {
    const { worker } = this;
    if (!this.store.own) worker.raise(worker.epoch - (worker.open ? 0 : 1));
    for (const gateway of this.gateways.values()) gateway.clock.soon(() => this.lookOf(gateway));
    for (const [spoolId, { epoch, batcher }] of [...this.draining]) {
      if (!worker.open) {
        batcher.stop();
        worker.rejoin(worker.epoch, spoolId, []);
      } else if (epoch !== worker.epoch) {
        this.drain(spoolId);
      }
    }
    worker.keep([...[...this.gateways.values()].map(({ spoolId }) => spoolId), ...this.draining.keys()]);
  }

  private lookOf(gateway: ModelGateway): void {
    const { worker } = this;
    if (worker.open) {
      if (gateway.epoch === worker.epoch) return;
      gateway.epoch = worker.epoch;
      gateway.batcher.enter(worker.epoch);
    } else {
      gateway.epoch = null;
      worker.rejoin(worker.epoch, gateway.spoolId, gateway.batcher.leave('a new epoch'));
    }
  }

  private keepCopies(): void {
    this.copies.push({ atMs: this.clock.nowMs(), copy: this.store.copy() });
    if (this.clock.nowMs() < 400) this.clock.later(5, () => this.keepCopies());
  }

  private readonly expectGone = (error: unknown) => {
    const known = error instanceof StateUnavailable || error instanceof Superseded || error instanceof TagRebuild;
    if (!known) this.unexpected.push(String(error));
  };
}
