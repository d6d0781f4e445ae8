import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually.ts';
import { TOP_UP_NANO_USD, ToppedUp } from '../payments/top-ups.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway, Scene } from '../scene.ts';
import { chooseSome } from '../steps/choose.ts';
import { momentsOn, namesSoFar, oneBetweenEffects } from '../steps/moments.ts';
import { type Aim, numberTopUps } from '../steps/numbered.ts';
import { visited } from '../steps/visited.ts';
import { shareOf } from '../store.ts';
import { type Account, AMPLE_NANO_USD } from '../tenant.ts';

const KILLS = { short: 1, whole: 60 };
/** So many charges more are within the cap at the end; a worker is killed in each, and then so often where the cap allows none. */
const ROOM_CHARGES = { short: 1, whole: 3 };
const CAPPED_KILLS = { short: 0, whole: 10 };
/** Longer than its job waits for its next turn. */
const IDLE_MS = 1_500;
/** A turn of each job that a top-up needs, and more. */
const WALK_MS_MAX = 6_000;
const TOPPED_MS_MAX = 60_000;
/** A worker that charges too often has done it by then. */
const TOO_OFTEN_MS = 2_000;
const MISSED_SHARE_MAX = 0.25;
/** What finds that a balance is low, writes down what is charged, charges and grants it. */
const IS_ABOUT_TOP_UPS =
  /services\/dist\/(?:top-up|credit|payment|ledger)\/|services\/dist\/usage\/ingest|jobs\/(?:top-ups|ingest)\.js|packages\/stripe\/dist\//;
const isAbout = (place: string) => IS_ABOUT_TOP_UPS.test(place);

/** A balance falls again and again, and the worker that tops it up dies: the card is charged once each time, and within the cap. */
export const topUpKills: Scenario = {
  name: 'top-up-kills',
  about:
    'The worker is killed between any two moves of a top-up: finding, intending, asking Stripe, settling, granting; also where the cap of the month ends.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['postgres'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const numbered = await numberTopUps(stage.folder);
    const gateway = await scene.gateway('a');
    const account = await scene.account('prepaid', AMPLE_NANO_USD);
    const balance = new ToppedUp(stage, account);
    await balance.saveCard();
    await balance.capAt(AMPLE_NANO_USD);
    // Empty from the beginning.
    let crossings = 1;
    let drawn = 0;
    const draw = async () => {
      await untilServed(scene, gateway, account);
      drawn += 1;
      crossings += 1;
    };
    const isToppedUp = async () => (await balance.paidIn()) === BigInt(crossings) * TOP_UP_NANO_USD;
    const untilToppedUp = () =>
      eventually('the balance is topped up', TOPPED_MS_MAX, async () => ((await isToppedUp()) ? true : null));
    const start = () => stage.restartWorker({ ...numbered, hears: true });
    let worker = await start();
    await untilToppedUp();
    await sleep(IDLE_MS);
    const left = await namesSoFar(worker);
    const walk = async () => {
      await draw();
      await untilToppedUp();
      await sleep(IDLE_MS);
    };
    const all = await momentsOn(walk, worker, numbered, { isAbout, left });
    const apart = oneBetweenEffects(all, seed);
    const moments = apart.map(({ aim }) => aim);
    const size = short ? 'short' : 'whole';
    const share = short ? moments : shareOf(moments, stage.adapter, numbered.say);
    const kills = chooseSome(share, KILLS[size], seed);
    const reached: Aim[] = [];
    const missed: string[] = [];
    const kill = async (aim: Aim, isDone: () => Promise<boolean>) => {
      worker = await start();
      await worker.ask({ kind: 'aim', at: aim });
      let isDrawn = false;
      const drawn = draw().finally(() => {
        isDrawn = true;
      });
      while (worker.isRunning() && !isDrawn) await sleep(50);
      // It died on what was left to do before: until that is published there may be no credit to draw.
      if (!isDrawn) await start();
      await drawn;
      const deadline = Date.now() + WALK_MS_MAX;
      while (worker.isRunning() && Date.now() < deadline && !(await isDone())) await sleep(50);
      if (worker.isRunning()) missed.push(numbered.say(aim));
      else reached.push(aim);
    };
    for (const aim of kills) {
      await kill(aim, isToppedUp);
      await start();
      await untilToppedUp();
      const { length } = await balance.charges();
      expect(
        length === crossings,
        `killed at ${numbered.say(aim)}, the card was charged ${length} times, not ${crossings}`,
      );
    }
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    const room = ROOM_CHARGES[size];
    const capAtCharges = crossings + room;
    await balance.capAt(BigInt(capAtCharges) * TOP_UP_NANO_USD);
    const capped = chooseSome(moments, room + CAPPED_KILLS[size], seed + 1);
    for (const aim of capped.slice(0, room)) {
      await kill(aim, isToppedUp);
      await start();
      await untilToppedUp();
    }
    // The last of the credit: what would be charged for it is above the cap, whenever the worker dies.
    await draw();
    crossings -= 1;
    let cappedKills = 0;
    for (const aim of capped.slice(room)) {
      worker = await start();
      await worker.ask({ kind: 'aim', at: aim }).catch(() => undefined);
      await sleep(TOO_OFTEN_MS);
      cappedKills += worker.isRunning() ? 0 : 1;
    }
    await stage.restartWorker();
    await eventually('the cap keeps a charge back', TOPPED_MS_MAX, async () =>
      (await balance.isCapped()) ? true : null,
    );
    await sleep(TOO_OFTEN_MS);
    const refused = await scene.call(gateway, account);
    expect(refused.status === 402, `a call without credit got ${refused.status} ${refused.slug}`);
    const figures = await balance.audit(drawn, crossings, failures);
    expect(figures.charges <= capAtCharges, `${figures.charges} charges, of ${capAtCharges} within the cap`);
    return {
      attempts: drawn + 1,
      counted: [{ account }],
      raw: {
        ...{ seed, missed: missed.length, cappedKills, capCharges: capAtCharges },
        ...visited({ all: all.map(({ aim }) => aim), apart: moments, reached }, () => 'top-ups'),
        ...figures,
      },
      failures,
    };
  },
};

/** A call draws what is left. What was paid in is there a moment after it was granted. */
function untilServed(scene: Scene, gateway: Gateway, account: Account): Promise<true> {
  return eventually('a call is served from credit', TOPPED_MS_MAX, async () => {
    const { status } = await scene.call(gateway, account);
    return status === 200 ? true : null;
  });
}
