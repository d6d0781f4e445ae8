import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM, setApiPolicies, setBudget } from '@tollwright/services';
import { queryOnce } from '@tollwright/testing';
import { Expectations, type Scenario } from '../scenario.ts';
import { type Answer, drive, type Gateway, type Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { type Account, CALL_NANO_USD, limitAccount } from '../tenant.ts';

const HOUR_MS = 3_600_000;
const BUDGET_CALLS = 9;
const QUOTA_CALLS = 40;
const HOSTS_APART_MS = 2_000;
const STORE_BACK_MS = 3_000;
/** From the first call to the border, by the clocks of the first host and of the store. */
const BEFORE_MS = 3_200;
/** From the border to the moment at which the store's clock goes back, and from its second border to the last call. */
const AFTER_MS = 700;
/** Those who use up what they have, and one who never does, so that an hour that came back would show. */
const HASTY = { lanes: 4, pauseMs: 40 };
const STEADY = { lanes: 1, pauseMs: 200 };
/** The hour's end is not to come while the stage is still being set. */
const SETTING_MS_MAX = 120_000;

/** A call as its lane made it: one after the other, so that no later one may belong to an earlier period. */
interface Turn extends Answer {
  readonly lane: number;
}

/**
 * An hour ends while no clock agrees. All are moved so that it ends within the test: the Date of two gateways, two seconds apart,
 * by a module that the process loads first; the store's, of PostgreSQL by its clock function, of Redis by a key that the
 * scripts of these processes add to its time. Just after the store has crossed the border it goes three seconds back, into
 * the hour that ended. One customer is limited by a budget an hour, which runs by the store's clock; another by a quota of
 * an anchored hour, which runs by that of each gateway; a third has a budget an hour that it does not use up.
 */
export const periodBorder: Scenario = {
  name: 'period-border',
  about: "An hour ends while the clocks of two gateways and of the store disagree, and the store's goes back.",
  store: 'movable-clock',
  async run(scene, { short }) {
    const { stage } = scene;
    const { services, tenant, store } = stage;
    const { expect, failures } = new Expectations();
    const { providerId, apiId } = tenant;
    const [spender, user, steady] = [await unlimited(scene), await unlimited(scene), await unlimited(scene)];
    await limitHour(stage, spender, BUDGET_CALLS);
    await limitHour(stage, steady, 1_000);
    const borderMs = Math.ceil((Date.now() + SETTING_MS_MAX) / HOUR_MS) * HOUR_MS;
    const options = { name: 'calls', meters: ['requests'], limit: String(QUOTA_CALLS), period: 'hour', by: 'customer' };
    const anchored = { ...options, anchor: new Date(borderMs - HOUR_MS).toISOString() };
    await setApiPolicies(services, SYSTEM, { providerId, apiId, policies: [{ type: 'quota', options: anchored }] });
    const [a, b] = (await Promise.all([
      scene.gateway('a', { hasMovableClock: true }),
      scene.gateway('b', { hasMovableClock: true }),
    ])) as [Gateway, Gateway];
    const aheadMs = borderMs - BEFORE_MS - Date.now();
    const untilMs = async (atMs: number) => {
      while (Date.now() + aheadMs < atMs) await sleep(20);
    };
    a.moveClock(aheadMs);
    b.moveClock(aheadMs + HOSTS_APART_MS);
    await store.moveClock(aheadMs);
    const lanes = [
      driveLanes(scene, [a, b], spender, HASTY),
      driveLanes(scene, [a, b], user, HASTY),
      driveLanes(scene, [a, b], steady, STEADY),
    ];
    await untilMs(borderMs + AFTER_MS);
    await store.moveClock(aheadMs - STORE_BACK_MS);
    await untilMs(borderMs + STORE_BACK_MS + (short ? AFTER_MS : 5 * AFTER_MS));
    const turns = (await Promise.all(lanes.map((lane) => lane.stop()))).flat();
    return {
      attempts: turns.length,
      counted: [
        { account: spender, limitNanoUsd: CALL_NANO_USD * BigInt(2 * BUDGET_CALLS) },
        { account: user, limitNanoUsd: CALL_NANO_USD * BigInt(2 * QUOTA_CALLS) },
        { account: steady },
      ],
      raw: { served: turns.filter(({ status }) => status === 200).length },
      failures,
      async afterwards() {
        const budget = await periodsOf(stage, spender, 'budget');
        const quota = await periodsOf(stage, user, 'quota');
        const hours = await periodsOf(stage, steady, 'budget');
        for (const { period, calls } of budget)
          expect(calls <= BUDGET_CALLS, `${calls} calls by the budget of ${period}`);
        for (const { period, calls } of quota) expect(calls <= QUOTA_CALLS, `${calls} calls by the quota ${period}`);
        for (const used of [budget, quota, hours]) expect(used.length === 2, `${used.length} periods were used`);
        const back = wentBack(budget, turns) + wentBack(hours, turns);
        expect(back === 0, `${back} calls went back to an earlier hour`);
        const odd = turns.filter(({ status, slug }) => status !== 200 && !/^(budget|quota)-/.test(slug ?? ''));
        expect(
          odd.length === 0,
          `answers: ${[...new Set(odd.map(({ status, slug }) => `${status} ${slug}`))].join(', ')}`,
        );
      },
    };
  },
};

/** A customer whose own budget has no period that could end. */
async function unlimited(scene: Scene): Promise<Account> {
  const { services, tenant } = scene.stage;
  const account = await scene.account('calls', CALL_NANO_USD * 10_000n);
  const target = { providerId: tenant.providerId, customerId: account.customerId };
  await limitAccount(services, target, account.limitNanoUsd, 'total');
  return account;
}

async function limitHour({ services, tenant }: Stage, { customerId, keyId }: Account, calls: number): Promise<void> {
  await setBudget(services, SYSTEM, {
    ...{ providerId: tenant.providerId, customerId, subject: 'key', subjectId: keyId, period: 'hour' },
    limitNanoUsd: String(CALL_NANO_USD * BigInt(calls)),
  });
}

/** One period of a limit, and the calls that were charged in it by their events. */
interface Used {
  readonly period: string;
  readonly calls: number;
  readonly requestIds: ReadonlySet<string>;
}

/** The hours of a budget, or the anchored hours of a quota, that an account's events say it used, the earliest first. */
async function periodsOf({ database }: Stage, { customerId }: Account, kind: 'budget' | 'quota'): Promise<Used[]> {
  const rows = await queryOnce<{ period: string; ids: string[] }>(
    database.url,
    `SELECT CASE WHEN $2 = 'budget' THEN c ->> 'periodId' ELSE c ->> 'node' END AS period, array_agg(request_id) AS ids
     FROM usage_event, jsonb_array_elements(body -> 'charges') AS c
     WHERE customer_id = $1 AND (CASE WHEN $2 = 'budget' THEN c ->> 'periodId' LIKE '%T%' ELSE c ->> 'node' LIKE 'quota:%' END)
     GROUP BY 1 ORDER BY 1`,
    [customerId, kind],
  );
  return rows.map(({ period, ids }) => ({ period, calls: ids.length, requestIds: new Set(ids) }));
}

/** How many calls belong to an earlier period than one that the same lane had made before. */
function wentBack(periods: readonly Used[], turns: readonly Turn[]): number {
  const latest = new Map<number, number>();
  let back = 0;
  for (const { lane, requestId } of turns) {
    const at = periods.findIndex(({ requestIds }) => requestIds.has(requestId ?? ''));
    if (at === -1) continue;
    if (at < (latest.get(lane) ?? 0)) back++;
    latest.set(lane, Math.max(at, latest.get(lane) ?? 0));
  }
  return back;
}

/** Calls of an account side by side, each lane at both gateways in turn; now and then one that takes a while. */
function driveLanes(
  scene: Scene,
  gateways: readonly Gateway[],
  account: Account,
  { lanes: number, pauseMs }: typeof HASTY,
) {
  const turns: Turn[] = [];
  const lanes = Array.from({ length: number }, (_, lane) =>
    drive(1, async (turn) => {
      const slow = turn % 5 === 4 ? { upstream: { 'delay-ms': 400 } } : {};
      const answer = await scene.call(gateways[(turn + lane) % gateways.length] as Gateway, account, slow);
      turns.push({ ...answer, lane });
      await sleep(pauseMs);
      return answer;
    }),
  );
  return {
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
      return turns;
    },
  };
}
