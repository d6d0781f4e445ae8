import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import { haveEnded } from '../payments/audit.ts';
import type { Rails } from '../payments/every-rail.ts';
import { Shop } from '../payments/shop.ts';
import { FAILING, RAILS, type RailName, type Way } from '../payments/ways.ts';
import type { Program } from '../process.ts';
import type { Scenario } from '../scenario.ts';
import { type CameBy, momentsOn, namesSoFar, oneBetweenEffects } from '../steps/moments.ts';
import { type Numbered, numberWorker } from '../steps/numbered.ts';
import { someOfEachName, visited } from '../steps/visited.ts';
import { shareOf } from '../store.ts';

/** Of each rail; a worker needs seconds to come by one. */
const KILLS = { short: 2, whole: 15 };
/** A busy machine's turns. */
const WALK_MS_MAX = 30_000;
const IDLE_MS = 3_500;
const SETTLED_MS_MAX = 10_000;
const MISSED_SHARE_MAX = 0.25;

/** A payment for which a worker has to do something: it goes back, or nobody knows how it ended. */
interface Left extends Way {
  readonly end: 'refunding' | 'unknown';
}

const LEFT: readonly Left[] = [
  ...RAILS.map((rail) => ({ rail, policy: 'before', end: 'refunding' }) as const),
  ...(['x402', 'evm', 'stripe'] as const).map((rail) => ({ rail, policy: 'after', end: 'unknown' }) as const),
  { rail: 'x402', policy: 'upto', end: 'unknown' },
  { rail: 'x402', policy: 'optimistic', end: 'unknown' },
  { rail: 'evm', policy: 'optimistic', end: 'unknown' },
];

interface Kill extends CameBy {
  readonly rail: RailName;
}

/** The worker dies anywhere while it finds out about payments and gives them back: each goes back once, but for what was served. */
export const paymentWorkerKills: Scenario = {
  name: 'payment-worker-kills',
  about: 'The worker is killed at places where it waits while it resolves payments and gives them back, on every rail.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['postgres'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const numbered = await numberWorker(stage.folder);
    const shop = await Shop.open(scene, 'a');
    const { gateway, rails } = shop;
    const { expect } = shop.expectations;
    const leave = async (left: Left) => {
      const call = await shop.sign(left);
      if (left.end === 'unknown') loseNextReply(rails, left.rail);
      const seen = await call.show(gateway.url, left.end === 'refunding' ? FAILING : {});
      const wanted = isServedFirst(left) ? 200 : 503;
      expect(seen.status === wanted, `${left.rail} ${left.policy}, to be ${left.end}, was answered ${seen.status}`);
      if (isServedFirst(left)) await eventually('what was served is settled', SETTLED_MS_MAX, () => isLost(rails));
    };
    /** Work for a worker: a payment that has to go back, and those that nobody knows the end of. */
    const leaveWork = async (rail: RailName) => {
      for (const one of LEFT) if (one.rail === rail) await leave(one);
    };
    const walk = async (worker: Program, rail: RailName) => {
      await leaveWork(rail);
      const deadline = Date.now() + WALK_MS_MAX;
      while (worker.isRunning() && Date.now() < deadline && !(await haveEnded(stage))) await sleep(20);
    };
    const start = () => stage.restartWorker({ ...numbered, hears: true });
    const chosen = short ? [RAILS[seed % RAILS.length] as RailName] : RAILS;
    const all = await listMoments(await start(), numbered, chosen, walk);
    const apart = oneBetweenEffects(all, seed, ({ rail }) => rail);
    const share = short ? apart : shareOf(apart, stage.adapter, ({ rail, aim }) => `${rail} ${numbered.say(aim)}`);
    const kills = someOfEachName(share, short ? KILLS.short : KILLS.whole, seed, ({ rail }) => rail);
    const [reached, missed] = await killAt(kills, numbered, start, walk);
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    await stage.restartWorker();
    const figures = await shop.audit();
    const goBack = shop.calls.filter((call) => !isServedFirst(call)).length;
    expect(figures.returns === goBack, `${figures.returns} of ${goBack} payments went back`);
    return shop.attack({
      seed,
      missed: missed.length,
      ...visited({ all, apart, reached }, ({ rail }) => rail),
      ...figures,
    });
  },
};

function isServedFirst({ policy }: Way): boolean {
  return policy === 'optimistic';
}

/** What whoever takes the money says next does not arrive. */
function loseNextReply({ facilitator, stripe }: Rails, rail: RailName): void {
  if (rail !== 'stripe') facilitator.faults.loseSettleReplies = 1;
  else
    stripe.faults.add({
      act: 'error',
      when: 'after',
      status: 500,
      count: 1,
      method: 'POST',
      path: '^/v1/payment_intents$',
    });
}

async function isLost({ facilitator }: Rails): Promise<true | null> {
  return facilitator.faults.loseSettleReplies === 0 ? true : null;
}

/** Has the worker do the work of each rail undisturbed, and lists the moments that it comes by and did not while it was idle. */
async function listMoments(
  worker: Program,
  numbered: Numbered,
  rails: readonly RailName[],
  walk: (worker: Program, rail: RailName) => Promise<void>,
): Promise<readonly Kill[]> {
  await sleep(IDLE_MS);
  const left = await namesSoFar(worker);
  const kills: Kill[] = [];
  for (const rail of rails) {
    const moments = await momentsOn(() => walk(worker, rail), worker, numbered, { left });
    kills.push(...moments.map((one) => ({ ...one, rail })));
  }
  return kills;
}

/** Ends a worker at each moment. Answers which it came by, and which it did not in words. */
async function killAt(
  kills: readonly Kill[],
  numbered: Numbered,
  start: () => Promise<Program>,
  walk: (worker: Program, rail: RailName) => Promise<void>,
): Promise<[reached: readonly Kill[], missed: readonly string[]]> {
  const reached: Kill[] = [];
  const missed: string[] = [];
  for (const kill of kills) {
    const worker = await start();
    await worker.ask({ kind: 'aim', at: kill.aim });
    await walk(worker, kill.rail);
    if (worker.isRunning()) missed.push(`${kill.rail} at ${numbered.say(kill.aim)}`);
    else reached.push(kill);
  }
  return [reached, missed];
}
