import { queryOnce } from '@tollwright/testing';
import type { Hex } from 'viem';
import { eventually } from '../../eventually.ts';
import { CALL_ATOMIC, fundedPayer, type Money } from '../money.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Gateway, Scene } from '../scene.ts';
import { foldersBelow } from '../spool-file.ts';
import type { Stage } from '../stage.ts';
import { chooseSome } from '../steps/choose.ts';
import { type Kill, kill, listKills, takeover, Victims } from '../steps/kills.ts';
import { numberGateway } from '../steps/numbered.ts';
import { type Attempt, makeWalks } from '../steps/walks.ts';
import { shareOf } from '../store.ts';
import { type Account, limitAccount } from '../tenant.ts';

const AMPLE_NANO_USD = 900_000_000_000n;
const LEFT_NANO_USD = 1_000_000n;
const PAYMENTS_MAX = 4_000;
const KILLS_A_WALK = 3;
/** Walks for one moment, and the share of moments that may be missed all the same. */
const WALKS_MAX = 3;
const MISSED_SHARE_MAX = 0.02;
const CLOSED_MS_MAX = 180_000;
/** The worker leaves a settlement so long to the gateway that began it. */
const SETTLING_MS_MAX = 120_000;

/** Whatever a gateway was doing when it died: what it held, forwarded, was paid and had begun has one end. */
export const killAtEveryStep: Scenario = {
  name: 'kill-at-every-step',
  about:
    'A gateway is killed at every place where it waits or is called back, by turns on each store; another one takes over what it left.',
  sellsToStrangers: true,
  async run(scene, { short, seed }) {
    const { expect, failures } = new Expectations();
    const { stage } = scene;
    const numbered = await numberGateway(stage.folder);
    const survivor = await scene.gateway('survivor');
    const victims = new Victims(scene, numbered);
    const account = await scene.account('tokens', AMPLE_NANO_USD);
    const payer = await fundedPayer(stage.money as Money, PAYMENTS_MAX);
    const ways = makeWalks(scene, account, payer);
    const walks = [...ways.walks, takeover(scene, account, victims)].filter(({ isLong }) => !(short && isLong));
    const all = await listKills(victims, numbered, walks);
    const kills = short
      ? someOfEach(all, seed)
      : shareOf(all, stage.adapter, ({ walk, aim }) => `${walk.name} ${numbered.say(aim)}`);
    const missed: string[] = [];
    for (const one of kills) {
      const what = `killed on the walk ${one.walk.name} at ${numbered.say(one.aim)}`;
      const took = await killed(one, victims, survivor).catch((error: unknown) => expect(false, `${what}: ${error}`));
      if (took === false) missed.push(what);
    }
    // Where two things meet by chance, as a write and the flush before it, a walk may pass by.
    const rarely = missed.length <= Math.max(1, kills.length * MISSED_SHARE_MAX);
    expect(rarely, `${missed.length} of ${kills.length} moments were not reached: ${missed.join('; ')}`);
    await victims.end();
    await allClosed(scene);
    for (const attempt of ways.kept) await attempt.again(survivor);
    for (const line of wrongAboutKept(stage, ways.kept)) expect(false, line);
    for (const line of await wrongAboutPaid(stage, ways.paid)) expect(false, line);
    const settled = await untilPaid(stage, payer.account.address, short).catch((error: unknown) => String(error));
    expect(typeof settled === 'number', `${settled}`);
    const limitNanoUsd = await useUp(scene, account, survivor);
    return {
      attempts: ways.sent(),
      // A call that is cut off is charged by its last progress, which is less than the upstream wrote.
      counted: [{ account, limitNanoUsd, upstreamBound: false }],
      raw: {
        ...{ seed, steps: numbered.steps.length, moments: all.length, kills: kills.length - missed.length },
        ...{ kept: ways.kept.length, payments: ways.paid.length, settled: Number(settled) },
      },
      failures,
    };
  },
};

/** Walks until the gateway dies where it should; false when no walk came by there. */
async function killed(one: Kill, victims: Victims, survivor: Gateway): Promise<boolean> {
  for (let walk = 0; walk < WALKS_MAX; walk++) {
    if (await kill(one, await victims.next(), survivor)) return true;
  }
  return false;
}

/** Some kills of each walk, by a seed. */
function someOfEach(kills: readonly Kill[], seed: number): readonly Kill[] {
  return [...new Set(kills.map(({ walk }) => walk))].flatMap((walk, index) =>
    chooseSome(
      kills.filter((one) => one.walk === walk),
      KILLS_A_WALK,
      seed + index,
    ),
  );
}

/** Waits until every spool of a dead gateway is closed, and nothing of it is left on the disk. */
function allClosed(scene: Scene): Promise<true> {
  return eventually('dead gateways leave no spool', CLOSED_MS_MAX, async () => {
    const running = scene.gateways.filter((gateway) => gateway.isRunning()).length;
    const open = (await scene.stage.state.spools.list()).filter(({ closedAtMs }) => closedAtMs === null);
    const folders = foldersBelow(scene.spoolDir);
    return open.length <= running && folders !== null && folders.length <= running ? true : null;
  });
}

/** A call under a key was made once, however often its caller came back, and in the end there is an answer. */
function wrongAboutKept(stage: Stage, kept: readonly Attempt[]): string[] {
  return kept.flatMap(({ mark, answers }) => {
    const made = stage.upstream.log.calls(null).filter(({ headers }) => headers['x-attempt'] === mark).length;
    const said = answers.map(({ status, slug }) => `${status} ${slug}`).join(', ');
    const last = answers.at(-1);
    const isAnswered = last?.status === 200 || last?.slug === 'answer-not-stored';
    return made <= 1 && isAnswered ? [] : [`a call under a key was made ${made} times, and answered ${said}`];
  });
}

/** A payment bought one call at most, was answered by one success at most, and every call has one event. */
async function wrongAboutPaid({ upstream, database }: Stage, paid: readonly Attempt[]): Promise<string[]> {
  const calls = upstream.log.calls(null).filter(({ headers }) => headers['x-account']?.startsWith('payer-'));
  const rows = await queryOnce<{ request_id: string; events: string }>(
    database.url,
    'SELECT request_id, count(*) AS events FROM usage_event WHERE request_id = ANY($1) GROUP BY 1',
    [calls.map(({ requestId }) => requestId)],
  );
  const events = new Map(rows.map((row) => [row.request_id, Number(row.events)]));
  return [
    ...calls
      .filter(({ requestId }) => events.get(requestId ?? '') !== 1)
      .map(({ requestId }) => `the paid call ${requestId} has ${events.get(requestId ?? '') ?? 0} events`),
    ...paid.flatMap(({ mark, answers }) => {
      const made = calls.filter(({ headers }) => headers['x-account'] === mark).length;
      const served = answers.filter(({ status }) => status === 200).length;
      const said = answers.map(({ status, slug }) => `${status} ${slug}`).join(', ');
      return made <= 1 && served <= 1 ? [] : [`a payment bought ${made} calls, and was answered ${said}`];
    }),
  ];
}

/**
 * Waits until Postgres knows of as many settled payments as the chain moved; answers how many. In the short form those that
 * are being settled may be missing: the worker looks at them later.
 */
function untilPaid({ database, money }: Stage, payer: Hex, short: boolean): Promise<number> {
  return eventually('Postgres knows every payment that the chain does', SETTLING_MS_MAX, async () => {
    const left = await (money as Money).chain.balanceOf(payer);
    const moved = Number((CALL_ATOMIC * BigInt(PAYMENTS_MAX) - left) / CALL_ATOMIC);
    const [row] = await queryOnce<{ settled: string; settling: string }>(
      database.url,
      `SELECT count(*) FILTER (WHERE state = 'settled') AS settled, count(*) FILTER (WHERE state = 'settling') AS settling
       FROM payment`,
    );
    const settled = Number(row?.settled);
    const most = settled + (short ? Number(row?.settling) : 0);
    return settled <= moved && moved <= most ? settled : null;
  });
}

/** Lowers the budget to a little more than what was spent, and spends it. Answers the limit. */
async function useUp(scene: Scene, account: Account, gateway: Gateway): Promise<bigint> {
  const { stage } = scene;
  const counters = await stage.state.counters.read(`c:${account.customerId}`);
  const limit = (counters.find(({ node }) => node === account.node)?.spent ?? 0n) + LEFT_NANO_USD;
  await limitAccount(stage.services, { ...account, providerId: stage.tenant.providerId }, limit);
  await eventually('the budget is used up', 60_000, async () => {
    const { slug } = await scene.call(gateway, account);
    return slug === 'budget-exhausted' ? true : null;
  });
  return limit;
}
