import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import type { Gateway, Scene } from '../scene.ts';
import type { Account } from '../tenant.ts';
import { momentsOn } from './moments.ts';
import type { Aim, Numbered } from './numbered.ts';
import { isTakeover, type Walk } from './walks.ts';

/** What a call leaves to do goes on so long after its answer: shipping, the watermark, overdue watches. */
const AFTERWARDS_MS = 1_600;
const DEATH_MS_MAX = 8_000;
/** In so long a successor has drained a spool and closed it. */
const DRAIN_MS = 5_000;
/** Gateways that are started ahead. */
const AHEAD = 2;

/** A gateway is to die when its walk comes by there. */
export interface Kill {
  readonly walk: Walk;
  readonly aim: Aim;
}

/** Fresh gateways with numbered steps, started ahead. */
export class Victims {
  readonly #start: () => Promise<Gateway>;
  #ahead: Promise<Gateway>[] = [];
  started = 0;

  constructor(scene: Scene, numbered: Numbered) {
    this.#start = () => {
      this.started++;
      const { entry, imports } = numbered;
      const gateway = scene.gateway(`victim-${this.started}`, { entry, imports, hears: true });
      // Whoever takes it hears of it.
      gateway.catch(() => undefined);
      return gateway;
    };
  }

  next(): Promise<Gateway> {
    while (this.#ahead.length <= AHEAD) this.#ahead.push(this.#start());
    return this.#ahead.shift() as Promise<Gateway>;
  }

  /** Stops those that wait. */
  async end(): Promise<void> {
    for (const gateway of await Promise.all(this.#ahead.splice(0))) await gateway.stop();
  }

  /** Resolves when those that wait are ready. */
  async ready(): Promise<void> {
    await Promise.all(this.#ahead);
  }
}

/** Walks each way once, each in a fresh gateway and undisturbed, and lists the moments that it comes by. */
export async function listKills(
  victims: Victims,
  numbered: Numbered,
  walks: readonly Walk[],
): Promise<readonly Kill[]> {
  const beside = walks.filter(({ alone }) => !alone);
  // They die together at the end: nobody is to take another's spool over meanwhile.
  const fresh = await Promise.all(beside.map(() => victims.next()));
  const lists = await Promise.all(beside.map((walk, index) => momentsOf(walk, fresh[index] as Gateway, numbered)));
  await Promise.all(fresh.map((gateway) => gateway.kill()));
  for (const walk of walks.filter(({ alone }) => alone)) {
    const gateway = await victims.next();
    lists.push(await momentsOf(walk, gateway, numbered));
    await gateway.kill();
  }
  return lists.flat();
}

async function momentsOf(walk: Walk, gateway: Gateway, numbered: Numbered): Promise<Kill[]> {
  const go = async () => {
    await walk.go(gateway);
    await sleep(AFTERWARDS_MS);
  };
  const moments = await momentsOn(go, gateway, numbered, walk);
  return moments.map(({ aim, times }) => ({
    walk,
    aim: { ...aim, times: walk.late ? Math.max(1, times - 1) : 1 },
  }));
}

/** Walks there and back. False when the gateway outlived it: the walk did not come by there. */
export async function kill({ walk, aim }: Kill, victim: Gateway, survivor: Gateway): Promise<boolean> {
  await victim.ask({ kind: 'aim', at: aim });
  const comeBack = await walk.go(victim);
  const isDead = await died(victim, DEATH_MS_MAX);
  if (!isDead) await victim.kill();
  await comeBack(survivor);
  return isDead;
}

async function died(gateway: Gateway, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (gateway.isRunning() && Date.now() < deadline) await sleep(10);
  return !gateway.isRunning();
}

/**
 * The walk of a takeover: a gateway dies with calls under way, and the one walked through finds its spool. All others are
 * stopped meanwhile, so that no other does.
 */
export function takeover(scene: Scene, account: Account, victims: Victims): Walk {
  const { gate } = scene.stage.upstream;
  return {
    ...{ name: 'takeover', isLong: true, alone: true },
    isAbout: (place) => isTakeover(place) || place.includes('batch'),
    async go(victim) {
      const prey = await scene.gateway('prey');
      await victims.ready();
      await scene.call(prey, account);
      gate.close();
      const headers = { 'idempotency-key': randomUUID() };
      const running = [scene.call(prey, account), scene.call(prey, account, { headers })];
      await eventually('calls are at the upstream', 30_000, async () => (gate.waiting >= running.length ? true : null));
      const others = scene.gateways.filter((one) => one !== prey && one !== victim && one.isRunning());
      for (const gateway of others) gateway.signal('SIGSTOP');
      await prey.kill();
      gate.open();
      await Promise.all(running);
      await died(victim, DRAIN_MS);
      for (const gateway of others) gateway.signal('SIGCONT');
      return async (other) => {
        const { status } = await scene.call(other, account);
        if (status !== 200) throw new Error(`after a killed takeover a call got ${status}`);
      };
    },
  };
}
