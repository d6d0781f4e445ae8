import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryOnce } from '@tollwright/testing';
import { eventually } from '../../eventually.ts';
import type { OwnFacilitator } from '../payments/own-facilitator.ts';
import { Shop } from '../payments/shop.ts';
import type { Way } from '../payments/ways.ts';
import type { Program } from '../process.ts';
import type { Expectations, Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { type CameBy, momentsOn, namesSoFar, oneBetweenEffects } from '../steps/moments.ts';
import { type Aim, type Numbered, numberFacilitator } from '../steps/numbered.ts';
import { someOfEachName, visited } from '../steps/visited.ts';
import { shareOf } from '../store.ts';

const KILLS_A_WALK_SHORT = 2;
/** A turn of the job that sends what waits, and a little. */
const WALK_MS_MAX = 5_000;
const IDLE_MS = 3_200;
const PAID_MS_MAX = 60_000;
const MISSED_SHARE_MAX = 0.1;
/** What settles at the worker. */
const WAYS: readonly Way[] = [
  { rail: 'x402', policy: 'after' },
  { rail: 'x402', policy: 'upto' },
  { rail: 'x402', policy: 'optimistic' },
  { rail: 'evm', policy: 'after' },
];
const PROBE: Way = { rail: 'x402', policy: 'after' };
const nameOf = ({ rail, policy }: Way) => `${rail} ${policy}`;

/** Beside them what the job does with a transaction that was kept and not sent: its worker was killed in between. */
const LEFT_BEHIND = 'what was left behind';

interface Kill extends CameBy {
  readonly name: string;
  /** What is paid by. */
  readonly way: Way;
}

/** The worker that is the facilitator dies between any two of its moves: nothing is sent twice, and no nonce is left out. */
export const paymentFacilitatorKills: Scenario = {
  name: 'payment-facilitator-kills',
  about:
    'The worker is killed between any two moves of its own facilitator: signing, keeping, sending, telling what a block has.',
  sellsToStrangers: 'by-own-facilitator',
  shortAdapters: ['redis'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const numbered = await numberFacilitator(stage.folder);
    const shop = await Shop.open(scene, 'a');
    const { gateway, rails } = shop;
    const { expect } = shop.expectations;
    /** A payment that goes through as soon as a worker is there again: nothing before it is in its way. */
    const probe = async () => {
      const call = await shop.sign(PROBE);
      await eventually('later payments are settled', PAID_MS_MAX, async () =>
        (await call.show(gateway.url)).status === 200 ? true : null,
      );
    };
    const start = () => stage.restartWorker({ ...numbered, hears: true });
    const unsent = unsentAim(numbered);
    /** A worker that comes when a transaction was kept and not sent, and that has not looked at it yet. */
    const startAfterDeath = async (worker: Program) => {
      const call = await shop.sign(PROBE);
      await worker.ask({ kind: 'aim', at: unsent });
      await call.show(gateway.url);
      expect(await isDead(worker), 'a worker outlived what it was to send');
      rails.ways.chain.cut();
      return start();
    };
    const isWalked = (index: number) => !short || index === seed % (WAYS.length + 1);
    const ways = WAYS.filter((_, index) => isWalked(index));
    let worker = await start();
    const all = await listMoments(worker, numbered, ways, async (way) => {
      const seen = await (await shop.sign(way)).show(gateway.url);
      const said = `${seen.status} ${seen.slug}: ${seen.detail}`;
      expect(seen.status === 200, `undisturbed, ${nameOf(way)} was answered ${said}`);
      await sleep(IDLE_MS);
    });
    if (isWalked(WAYS.length)) {
      worker = await startAfterDeath(worker);
      all.push(...(await listLeftBehind(worker, numbered, () => rails.ways.chain.restore())));
    }
    const count = short ? KILLS_A_WALK_SHORT : Number.POSITIVE_INFINITY;
    const apart = oneBetweenEffects(all, seed, ({ name }) => name);
    const share = short ? apart : shareOf(apart, stage.adapter, ({ name, aim }) => `${name} ${numbered.say(aim)}`);
    const kills = someOfEachName(share, count, seed, ({ name }) => name);
    const reached: Kill[] = [];
    const missed: string[] = [];
    worker = await start();
    for (const kill of kills) {
      await probe();
      if (kill.name === LEFT_BEHIND) {
        worker = await startAfterDeath(worker);
        await worker.ask({ kind: 'aim', at: kill.aim });
        rails.ways.chain.restore();
      } else {
        const call = await shop.sign(kill.way);
        await worker.ask({ kind: 'aim', at: kill.aim });
        await call.show(gateway.url);
      }
      if (await isDead(worker)) reached.push(kill);
      else missed.push(`${kill.name} at ${numbered.say(kill.aim)}`);
      worker = await start();
    }
    await probe();
    await stage.restartWorker();
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    const figures = await shop.audit();
    const sent = await auditBroadcasts(stage, rails.own as OwnFacilitator, expect);
    const visits = visited({ all, apart, reached }, ({ name }) => name);
    return shop.attack({ seed, missed: missed.length, ...visits, ...figures, ...sent });
  },
};

/** Has each way walked undisturbed, and lists the moments of the facilitator that it comes by. */
async function listMoments(
  worker: Program,
  numbered: Numbered,
  ways: readonly Way[],
  walk: (way: Way) => Promise<void>,
): Promise<Kill[]> {
  await sleep(IDLE_MS);
  const left = await namesSoFar(worker);
  const kills: Kill[] = [];
  for (const way of ways) {
    const moments = await momentsOn(() => walk(way), worker, numbered, { left });
    kills.push(...moments.map((one) => ({ ...one, name: nameOf(way), way })));
  }
  return kills;
}

/** Lets the worker reach the chain again, and lists the moments at which it ends what was left behind. */
async function listLeftBehind(worker: Program, numbered: Numbered, restore: () => void): Promise<readonly Kill[]> {
  await sleep(IDLE_MS);
  const walk = async () => {
    restore();
    await sleep(2 * IDLE_MS);
  };
  const moments = await momentsOn(walk, worker, numbered);
  return moments.map((one) => ({ ...one, name: LEFT_BEHIND, way: PROBE }));
}

/** Where a transaction is in the book, and no node has heard of it. */
function unsentAim({ steps }: Numbered): Aim {
  const file = 'packages/facilitator/dist/broadcaster.js';
  const lines = readFileSync(resolve(import.meta.dirname, '../../..', file), 'utf8').split('\n');
  const line = lines.findIndex((text) => text.includes('await this.#offer(kept)')) + 1;
  const step = steps.findIndex(({ place }) => place.startsWith(`${file}:${line}:`));
  if (step < 0) throw new Error(`${file} sends nothing that was kept`);
  return { step, moment: 'before', times: 1 };
}

async function isDead(worker: Program): Promise<boolean> {
  const deadline = Date.now() + WALK_MS_MAX;
  while (worker.isRunning() && Date.now() < deadline) await sleep(20);
  return !worker.isRunning();
}

/** Compares the book of what was sent with the chain: every nonce was used once, by a transaction that is written down as mined. */
async function auditBroadcasts(
  { database }: Stage,
  own: OwnFacilitator,
  expect: Expectations['expect'],
): Promise<{
  readonly broadcasts: number;
  readonly sent: number;
  readonly reverted: number;
  readonly nonceGaps: number;
}> {
  const read = () =>
    queryOnce<{ nonce: string; state: string; call: string }>(
      database.url,
      'SELECT nonce::text, state, call_hash AS call FROM broadcast ORDER BY broadcast.nonce',
    );
  const rows = await eventually('every transaction is in a block', PAID_MS_MAX, async () => {
    const found = await read();
    return found.every(({ state }) => state !== 'kept') ? found : null;
  }).catch(read);
  const { mined, pending } = await own.countSent();
  const nonceGaps = rows.filter(({ nonce }, index) => nonce !== String(index)).length;
  const reverted = rows.filter(({ state }) => state === 'reverted').length;
  const kept = rows.filter(({ state }) => state === 'kept').length;
  expect(kept === 0, `${kept} transactions are still on their way`);
  expect(reverted === 0, `${reverted} transactions were reverted`);
  expect(nonceGaps === 0, `of the nonces ${nonceGaps} do not follow each other`);
  expect(
    mined === rows.length && pending === mined,
    `${mined} and ${pending} were sent, of ${rows.length} in the book`,
  );
  expect(new Set(rows.map(({ call }) => call)).size === rows.length, 'a call has two transactions');
  return { broadcasts: rows.length, sent: mined, reverted, nonceGaps };
}
