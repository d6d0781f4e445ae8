import { setTimeout as sleep } from 'node:timers/promises';
import { LENT_CALLS_MAX } from '../payments/lent.ts';
import type { SignedCall } from '../payments/payer.ts';
import { Shop } from '../payments/shop.ts';
import { FAILING, WAYS as PAID_WAYS, type Way as PaidWay } from '../payments/ways.ts';
import type { Scenario } from '../scenario.ts';
import type { Gateway } from '../scene.ts';
import { chooseSome } from '../steps/choose.ts';
import { Victims } from '../steps/kills.ts';
import { type CameBy, momentsOn, oneBetweenEffects } from '../steps/moments.ts';
import { type Numbered, numberGateway } from '../steps/numbered.ts';
import { someOfEachName, visited } from '../steps/visited.ts';
import { shareOf } from '../store.ts';

const KILLS_A_WALK = 2;
const DEATH_MS_MAX = 5_000;
/** Of the moments aimed at, so many may be passed by: where two things meet by chance, a walk may go another way. */
const MISSED_SHARE_MAX = 0.1;
/** What settles, claims, notes and serves a payment. */
const isAbout = (place: string) => /apps\/gateway\/dist\/pay\/|packages\/(?:payments|stripe)\/dist\//.test(place);

/** Who is trusted makes so many calls at once: more than are lent. */
const BORROWED = LENT_CALLS_MAX + 2;
/** What is settled after its answer is, so soon after it. */
const SETTLED_LATER_MS = 1_500;

/** One way of a payment through a gateway. */
interface Way extends PaidWay {
  readonly fails: boolean;
}

/** Where the money is there before, or what was served is not known before, what fails is a way of its own. */
const MAY_FAIL: ReadonlySet<string> = new Set(['before', 'upto']);
const WAYS: readonly Way[] = PAID_WAYS.flatMap((way) => [
  { ...way, fails: false },
  ...(MAY_FAIL.has(way.policy) ? [{ ...way, fails: true }] : []),
]);
const nameOf = ({ rail, policy, fails }: Way) => `${rail} ${policy}${fails ? ' failing' : ''}`;
const isBorrowing = ({ rail, policy }: Way) => rail === 'x402' && policy === 'optimistic';

interface Kill extends CameBy {
  readonly way: Way;
}

/**
 * A gateway dies between any two moves of a payment: who paid is debited once, what was served and no more than the ceiling, and is
 * answered or gets the money back. Who is trusted is never lent more than the cap.
 */
export const paymentKills: Scenario = {
  name: 'payment-kills',
  about:
    'A gateway is killed between any two moves of a payment, on every rail, paid after and before the call, by trust, and under a ceiling.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['redis'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const numbered = await numberGateway(stage.folder);
    const shop = await Shop.open(scene, 'survivor');
    const survivor = shop.gateway;
    const { expect } = shop.expectations;
    const victims = new Victims(scene, numbered);
    const sign = async (way: Way) => (isBorrowing(way) ? shop.borrow(BORROWED) : [await shop.sign(way)]);
    const show = ([first, ...others]: readonly SignedCall[], { fails }: Way, { url }: Gateway) => {
      const headers = fails ? FAILING : {};
      return Promise.all([first?.show(url, headers), ...others.map((call) => call.show(url, headers))]);
    };
    const ways = short ? someWays(seed) : WAYS;
    const all = await momentsOf(ways, await victims.next(), numbered, async (way, gateway) => {
      for (const seen of await show(await sign(way), way, gateway)) {
        expect(seen?.status === (way.fails ? 503 : 200), `undisturbed, ${nameOf(way)} was answered ${seen?.status}`);
      }
      if (way.policy === 'optimistic') await sleep(SETTLED_LATER_MS);
    });
    const sayKill = ({ way, aim }: Kill) => `${nameOf(way)} at ${numbered.say(aim)}`;
    const wayOf = ({ way }: Kill) => nameOf(way);
    const apart = oneBetweenEffects(all, seed, wayOf);
    const share = short ? apart : shareOf(apart, stage.adapter, sayKill);
    const kills = someOfEachName(share, short ? KILLS_A_WALK : Number.POSITIVE_INFINITY, seed, wayOf);
    const reached: Kill[] = [];
    const missed: string[] = [];
    for (const kill of kills) {
      const victim = await victims.next();
      const signed = await sign(kill.way);
      await victim.ask({ kind: 'aim', at: kill.aim });
      await show(signed, kill.way, victim);
      if (await isDead(victim)) reached.push(kill);
      else missed.push(sayKill(kill));
      await victim.kill();
      await show(signed, kill.way, survivor);
    }
    await victims.end();
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    for (const call of shop.calls) await call.show(survivor.url);
    const figures = await shop.audit();
    return shop.attack({ seed, missed: missed.length, ...visited({ all, apart, reached }, wayOf), ...figures });
  },
};

/** Some in the order of their routes, and some that are served before it is known what is paid. */
function someWays(seed: number): readonly Way[] {
  const isServedBefore = ({ policy }: Way) => policy === 'optimistic' || policy === 'upto';
  const [before, others] = [WAYS.filter(isServedBefore), WAYS.filter((way) => !isServedBefore(way))];
  return [...chooseSome(before, 2, seed), ...chooseSome(others, 4, seed)];
}

/** Goes each way once through one gateway, undisturbed, and lists the moments of payments that it comes by. */
async function momentsOf(
  ways: readonly Way[],
  gateway: Gateway,
  numbered: Numbered,
  go: (way: Way, gateway: Gateway) => Promise<void>,
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  for (const way of ways) {
    const moments = await momentsOn(() => go(way, gateway), gateway, numbered, { isAbout });
    kills.push(...moments.map((one) => ({ ...one, way })));
  }
  await gateway.kill();
  return kills;
}

async function isDead(gateway: Gateway): Promise<boolean> {
  const deadline = Date.now() + DEATH_MS_MAX;
  while (gateway.isRunning() && Date.now() < deadline) await sleep(10);
  return !gateway.isRunning();
}
