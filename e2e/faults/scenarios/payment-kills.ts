import { setTimeout as sleep } from 'node:timers/promises';
import { auditPayments } from '../payments/audit.ts';
import type { Rails } from '../payments/every-rail.ts';
import { Payers, type Policy, RAILS, type RailName, type SignedCall } from '../payments/payer.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway } from '../scene.ts';
import { chooseSome } from '../steps/choose.ts';
import { Victims } from '../steps/kills.ts';
import { type Aim, type Numbered, numberGateway } from '../steps/numbered.ts';
import { shareOf } from '../store.ts';
import { CALL_NANO_USD } from '../tenant.ts';

const KILLS_A_WALK = 2;
const DEATH_MS_MAX = 5_000;
/** Of the moments aimed at, so many may be passed by: where two things meet by chance, a walk may go another way. */
const MISSED_SHARE_MAX = 0.1;
/** What settles, claims, notes and serves a payment. */
const IS_ABOUT_PAYMENTS = /apps\/gateway\/dist\/pay\/|packages\/(?:payments|stripe)\/dist\//;
const FAILING = { 'x-upstream-status': '503' };

/** One way of a payment through a gateway. */
interface Way {
  readonly rail: RailName;
  readonly policy: Policy;
  readonly fails: boolean;
}

const WAYS: readonly Way[] = RAILS.flatMap((rail) => [
  { rail, policy: 'after', fails: false },
  { rail, policy: 'before', fails: false },
  { rail, policy: 'before', fails: true },
]);
const nameOf = ({ rail, policy, fails }: Way) => `${rail} ${policy}${fails ? ' failing' : ''}`;

interface Kill {
  readonly way: Way;
  readonly aim: Aim;
}

/** A gateway dies between any two moves of a payment: who paid is debited once, and is answered or gets the money back. */
export const paymentKills: Scenario = {
  name: 'payment-kills',
  about: 'A gateway is killed between any two moves of a payment, on every rail, paid after and before the call.',
  sellsToStrangers: 'on-every-rail',
  shortAdapters: ['redis'],
  async run(scene, { short, seed }) {
    const { stage } = scene;
    const { expect, failures } = new Expectations();
    const numbered = numberGateway(stage.folder);
    const survivor = await scene.gateway('survivor');
    const victims = new Victims(scene, numbered);
    const account = await scene.account('calls', CALL_NANO_USD * 10n);
    const known = await scene.call(survivor, account);
    expect(known.status === 200, `a customer's call got ${known.status}`);
    const payers = await Payers.open(stage.rails as Rails);
    const calls: SignedCall[] = [];
    const sign = async ({ rail, policy }: Way) => {
      const call = await payers.sign(rail, policy, survivor.url);
      calls.push(call);
      return call;
    };
    const show = (call: SignedCall, { fails }: Way, { url }: Gateway) => call.show(url, fails ? FAILING : {});
    const ways = short ? shareOf(WAYS, stage.adapter, nameOf) : WAYS;
    const all = await momentsOf(ways, await victims.next(), numbered, async (way, gateway) => {
      const seen = await show(await sign(way), way, gateway);
      expect(seen.status === (way.fails ? 503 : 200), `undisturbed, ${nameOf(way)} was answered ${seen.status}`);
    });
    const sayKill = ({ way, aim }: Kill) => `${nameOf(way)} at ${numbered.say(aim)}`;
    const kills = short
      ? ways.flatMap((way, index) =>
          chooseSome(
            all.filter((one) => one.way === way),
            KILLS_A_WALK,
            seed + index,
          ),
        )
      : shareOf(oneRailEach(all, seed), stage.adapter, sayKill);
    const missed: string[] = [];
    for (const kill of kills) {
      const victim = await victims.next();
      const call = await sign(kill.way);
      await victim.ask({ kind: 'aim', at: kill.aim });
      await show(call, kill.way, victim);
      if (!(await isDead(victim))) missed.push(sayKill(kill));
      await victim.kill();
      await show(call, kill.way, survivor);
    }
    await victims.end();
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    for (const call of calls) await call.show(survivor.url);
    const figures = await auditPayments(stage, calls, failures);
    return {
      attempts: 1 + calls.reduce((sum, { answers }) => sum + answers.length, 0),
      counted: [{ account }],
      raw: { seed, moments: all.length, kills: kills.length - missed.length, ...figures },
      failures,
    };
  },
};

/** Goes each way once through one gateway, undisturbed, and lists the moments of payments that it comes by. */
async function momentsOf(
  ways: readonly Way[],
  gateway: Gateway,
  numbered: Numbered,
  go: (way: Way, gateway: Gateway) => Promise<void>,
): Promise<readonly Kill[]> {
  const kills: Kill[] = [];
  for (const way of ways) {
    await gateway.ask({ kind: 'forget' });
    await go(way, gateway);
    const reached = await gateway.ask<Record<string, number>>({ kind: 'list' });
    for (const name of Object.keys(reached)) {
      const [step, moment] = name.split(' ') as [string, Aim['moment']];
      if (!IS_ABOUT_PAYMENTS.test(numbered.steps[Number(step)]?.place ?? '')) continue;
      kills.push({ way, aim: { step: Number(step), moment, times: 1 } });
    }
  }
  await gateway.kill();
  return kills;
}

/** Every moment of a way once, on one of the rails that come by it, which share their pipeline; on which, the seed turns. */
function oneRailEach(all: readonly Kill[], seed: number): readonly Kill[] {
  const byMoment = new Map<string, Kill[]>();
  for (const kill of all) {
    const { policy, fails } = kill.way;
    const name = `${policy} ${fails} ${kill.aim.step} ${kill.aim.moment}`;
    byMoment.set(name, [...(byMoment.get(name) ?? []), kill]);
  }
  return [...byMoment.values()].map((kills, index) => kills[(seed + index) % kills.length] as Kill);
}

async function isDead(gateway: Gateway): Promise<boolean> {
  const deadline = Date.now() + DEATH_MS_MAX;
  while (gateway.isRunning() && Date.now() < deadline) await sleep(10);
  return !gateway.isRunning();
}
