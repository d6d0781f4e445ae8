import { setTimeout as sleep } from 'node:timers/promises';
import type { Proxy as TcpProxy } from '@tollwright/testing';
import { auditChannels } from '../payments/audit-channels.ts';
import { ChannelPayer, type Where } from '../payments/channel-payer.ts';
import type { Rails } from '../payments/every-rail.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway, Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { chooseSome } from '../steps/choose.ts';
import { Victims } from '../steps/kills.ts';
import { momentsOn, namesSoFar, oneBetweenEffects } from '../steps/moments.ts';
import { type Numbered, numberGateway, numberWorker } from '../steps/numbered.ts';
import { CALL_NANO_USD } from '../tenant.ts';
import { epochAfter, loseStore } from './store-lost.ts';

const DEATH_MS_MAX = 10_000;
const WORKER_WALK_MS = 20_000;
const WORKER_IDLE_MS = 1_500;
/** A channel is settled from so many calls on. */
const DUE_CALLS = 3;
const WHOLE = { payers: 6, gatewayKills: 30, workerKills: 8, rounds: 2, settleMs: 10_500 };
const SHORT = { payers: 3, gatewayKills: 3, workerKills: 2, rounds: 1, settleMs: 0 };
/** What claims, notes, serves and takes a call of a channel. */
const isAboutChannels = (place: string) => /apps\/gateway\/dist\/pay\/|packages\/payments\/dist\//.test(place);
/** What settles and closes one. */
const isAboutEnds = (place: string) => /channel|send-as-operator/.test(place);
const HARMS: Readonly<Record<string, (way: TcpProxy) => void>> = {
  stall: (way) => way.stall(),
  cut: (way) => way.cut(),
  'lose-replies': (way) => way.loseReplies(),
};
const BROKEN_MS = 1_500;
/** Of the moments aimed at, so many may be passed by: where two things meet by chance, a walk may go another way. */
const MISSED_SHARE_MAX = 0.1;
/** Between two calls of one payer, so that its channel outlives what is done to it. */
const PAUSE_MS = 200;

/** Whoever pays by vouchers pays what was served, on the chain to the unit, whatever dies or is lost meanwhile. */
export const paymentSessions: Scenario = {
  name: 'payment-sessions',
  about:
    'Vouchers are shown to two gateways while gateways are killed between any two moves, Tempo is out of reach, the store is lost, and the worker is killed while it settles and closes.',
  sellsToStrangers: 'on-every-rail',
  store: 'own',
  shortAdapters: ['redis'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const rails = stage.rails as Rails;
    const size = short ? SHORT : WHOLE;
    const numbered = await numberGateway(stage.folder);
    const gateways = await Promise.all(['a', 'b'].map((name) => scene.gateway(name)));
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(gateways[0] as Gateway, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const payers = await Promise.all(Array.from({ length: size.payers + 1 }, () => ChannelPayer.fund(rails)));
    const [walker, ...others] = payers as [ChannelPayer, ...ChannelPayer[]];
    const where = inTurn(gateways);
    const traffic = keepPaying(others, where);
    const kills = await killGateways(scene, numbered, walker, where, { count: size.gatewayKills, seed, expect });
    for (let round = 0; round < size.rounds; round++) {
      for (const harm of Object.values(HARMS)) {
        harm(rails.ways.tempo);
        const opening = await ChannelPayer.fund(rails);
        payers.push(opening);
        const opened = opening.call(where);
        await sleep(BROKEN_MS);
        rails.ways.tempo.restore();
        await opened;
      }
    }
    await loseOnce(stage);
    await walker.call(where);
    const calls = await traffic.stop();
    const workerKills = await killWorkers(stage, payers, where, {
      ...{ seed, count: size.workerKills, settleMs: size.settleMs },
    });
    const figures = await auditChannels(
      stage,
      payers.flatMap(({ channels }) => channels),
      failures,
    );
    expect(workerKills.workerKills > 0, 'no worker was killed while it settled or closed');
    expect(figures.served > size.gatewayKills, `${figures.served} calls were served`);
    return {
      attempts: 1 + calls + payers.flatMap(({ channels }) => channels.flatMap(({ vouchers }) => vouchers)).length,
      counted: [{ account }],
      raw: { seed, ...kills, ...workerKills, ...figures },
      failures,
    };
  },
};

function inTurn(gateways: readonly Gateway[]): Where {
  let turn = 0;
  return () => (gateways[turn++ % gateways.length] as Gateway).url;
}

/** All pay one call after the other, until they are stopped. Answers how many calls they made. */
function keepPaying(payers: readonly ChannelPayer[], where: Where): { stop(): Promise<number> } {
  let isRunning = true;
  let calls = 0;
  const lane = async (payer: ChannelPayer) => {
    while (isRunning) {
      await payer.call(where);
      calls++;
      await sleep(PAUSE_MS);
    }
  };
  const all = Promise.all(payers.map(lane));
  all.catch(() => undefined);
  return {
    async stop() {
      isRunning = false;
      await all;
      return calls;
    },
  };
}

/** Gateways die between any two moves of a voucher's payment; each voucher is shown to others until its end is known. */
async function killGateways(
  scene: Scene,
  numbered: Numbered,
  walker: ChannelPayer,
  where: Where,
  { count, seed, expect }: { count: number; seed: number; expect: Expectations['expect'] },
) {
  const victims = new Victims(scene, numbered);
  await walker.call(where);
  const first = await victims.next();
  const go = () => walker.call(where, first.url);
  const moments = await momentsOn(go, first, numbered, { isAbout: isAboutChannels });
  await first.kill();
  const kills = chooseSome(oneBetweenEffects(moments, seed), count, seed);
  let killed = 0;
  for (const { aim } of kills) {
    const victim = await victims.next();
    await victim.ask({ kind: 'aim', at: aim });
    const called = walker.call(where, victim.url);
    const deadline = Date.now() + DEATH_MS_MAX;
    while (victim.isRunning() && Date.now() < deadline) await sleep(10);
    if (!victim.isRunning()) killed++;
    await victim.kill();
    await called;
  }
  await victims.end();
  const aimed = kills.length;
  expect(aimed - killed <= Math.max(1, aimed * MISSED_SHARE_MAX), `${killed} of ${aimed} moments were reached`);
  return { moments: moments.length, kills: killed };
}

/** The store forgets everything, or goes back to what it was a moment ago; traffic goes on. */
async function loseOnce(stage: Stage): Promise<void> {
  const epoch = await stage.untilOpen();
  if (stage.adapter === 'postgres') await stage.store.copyAside();
  await sleep(500);
  await loseStore(stage);
  await epochAfter(stage, epoch);
}

/** The worker dies where it settles and closes a channel; its payer asks until it is closed. */
async function killWorkers(
  stage: Stage,
  payers: readonly ChannelPayer[],
  where: Where,
  { seed, count, settleMs }: { readonly seed: number; readonly count: number; readonly settleMs: number },
) {
  const numbered = await numberWorker(stage.folder);
  const start = () => stage.restartWorker({ ...numbered, hears: true });
  /** Enough to be settled at the worker's next look, and then the end. */
  const walk = async (payer: ChannelPayer) => {
    for (let call = 0; call < DUE_CALLS; call++) await payer.call(where);
    await sleep(settleMs);
    await payer.close(where);
  };
  const [first, ...rest] = payers as [ChannelPayer, ...ChannelPayer[]];
  const listing = await start();
  await sleep(WORKER_IDLE_MS);
  const left = await namesSoFar(listing);
  const moments = await momentsOn(() => walk(first), listing, numbered, { isAbout: isAboutEnds, left });
  let killed = 0;
  for (const [index, { aim }] of chooseSome(oneBetweenEffects(moments, seed), count, seed + 1).entries()) {
    const worker = await start();
    await worker.ask({ kind: 'aim', at: aim }).catch(() => undefined);
    const walked = walk(rest[index % rest.length] as ChannelPayer);
    const deadline = Date.now() + settleMs + WORKER_WALK_MS;
    while (worker.isRunning() && Date.now() < deadline) await sleep(20);
    if (!worker.isRunning()) killed++;
    await stage.restartWorker();
    await walked;
  }
  await stage.restartWorker();
  await Promise.all(payers.map((payer) => payer.close(where)));
  return { workerMoments: moments.length, workerKills: killed };
}
