import {
  createFeature,
  createPlan,
  endSubscription,
  moveSubscription,
  publishPlan,
  SYSTEM,
  subscribe,
} from '@tollwright/services';
import { eventually } from '../../eventually.ts';
import { Expectations, type Scenario } from '../scenario.ts';
import type { Answer, Gateway, Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';
import { type Account, CALL_NANO_USD } from '../tenant.ts';

const SMALL_CALLS = 6;
const LARGE_CALLS = 10;
const AMPLE_CALLS = 1_000;
/** `forbidden` is what a customer without a subscription is told; a store that is late is away. */
const REFUSALS = new Set([
  ...['quota-exhausted', 'quota-held', 'budget-exhausted', 'budget-held'],
  ...['forbidden', 'state-unavailable'],
]);
const DECIDED_MS_MAX = 60_000;

/** What limits the calls of a customer. */
type Limit = 'billing-cycle' | 'month' | 'budget';
/** A plan of each size; by a budget both grant the same. */
type Pair = Readonly<Record<'small' | 'large', string>>;
type Change = readonly ['move' | 'subscribe', keyof Pair] | readonly ['end'];

/** Begins and ends with the large plan. */
const CHANGES: readonly Change[] = [
  ...[['move', 'small'] as const, ['end'] as const, ['subscribe', 'small'] as const, ['move', 'large'] as const],
  ...[['end'] as const, ['subscribe', 'large'] as const, ['move', 'small'] as const, ['end'] as const],
  ...[['subscribe', 'small'] as const, ['move', 'large'] as const],
];

/** Limits are counted by subject and period, never by plan or subscription: no way round through the plans resets one. */
export const planLoop: Scenario = {
  name: 'plan-loop',
  about:
    'Customers upgrade, downgrade, end and subscribe again in a loop between calls under hard quotas and a budget.',
  async run(scene, { short }) {
    const { expect, failures } = new Expectations();
    const limits = ['billing-cycle', 'month', 'budget'] as const;
    const pairs = await makePairs(scene.stage);
    const gateways = await Promise.all(['a', 'b'].map((name) => scene.gateway(name)));
    const runs = await Promise.all(
      limits.map(async (limit) => {
        const account = await scene.account(
          'calls',
          CALL_NANO_USD * BigInt(limit === 'budget' ? LARGE_CALLS : AMPLE_CALLS),
        );
        return { limit, account, answers: await loop(scene, gateways, account, pairs[limit], short ? 1 : 8) };
      }),
    );
    for (const { limit, account, answers } of runs) {
      const served = answers.filter(({ status }) => status === 200).length;
      expect(served === LARGE_CALLS, `${served} calls were served by ${limit}, ${LARGE_CALLS} were granted`);
      const reached = scene.stage.upstream.log
        .calls(null)
        .filter(({ headers }) => headers['x-account'] === account.customerId).length;
      expect(reached === served, `the upstream counts ${reached} calls by ${limit}, their caller ${served}`);
    }
    return {
      attempts: runs.reduce((sum, { answers }) => sum + answers.length, 0),
      counted: runs.map(({ account }) => ({ account, limitNanoUsd: CALL_NANO_USD * BigInt(LARGE_CALLS) })),
      raw: { changes: runs.length * CHANGES.length * (short ? 1 : 8) },
      failures: failures.concat(runs.flatMap(({ limit, answers }) => oddOnes(limit, answers))),
    };
  },
};

/** Changes the subscription `rounds` times all round: at each gateway one call goes with every change and one follows it. */
async function loop(
  scene: Scene,
  gateways: readonly Gateway[],
  account: Account,
  pair: Pair,
  rounds: number,
): Promise<Answer[]> {
  const { stage } = scene;
  const target = { providerId: stage.tenant.providerId, customerId: account.customerId };
  const call = () => gateways.map((gateway) => scene.call(gateway, account));
  const change = async ([verb, size]: Change): Promise<void> => {
    if (verb === 'end') await endSubscription(stage.services, SYSTEM, target);
    else await { move: moveSubscription, subscribe }[verb](stage.services, SYSTEM, { ...target, planId: pair[size] });
  };
  const answers: Answer[] = [];
  // The account comes with a plan that no quota limits, and has called nothing under it.
  await change(['move', 'large']);
  for (let round = 0; round < rounds; round++) {
    for (const next of CHANGES) {
      const [, ...during] = await Promise.all([change(next), ...call()]);
      answers.push(...during, ...(await Promise.all(call())));
    }
  }
  // What calls held side by side and did not get is still free.
  for (let rest = 0; rest < LARGE_CALLS; rest++) {
    await eventually('the store decides a call', DECIDED_MS_MAX, async () => {
      answers.push(await scene.call(gateways[rest % 2] as Gateway, account));
      return answers.at(-1)?.slug === 'state-unavailable' ? null : true;
    });
  }
  return answers;
}

function oddOnes(limit: Limit, answers: readonly Answer[]): string[] {
  const odd = answers.filter(({ status, slug }) => status !== 200 && !REFUSALS.has(slug ?? ''));
  return [...new Set(odd.map(({ status, slug }) => `${status} ${slug} by ${limit}`))];
}

async function makePairs(stage: Stage): Promise<Readonly<Record<Limit, Pair>>> {
  const { services, tenant } = stage;
  const { providerId } = tenant;
  await createFeature(services, SYSTEM, { providerId, key: 'calls', name: 'Calls', meterSlugs: ['requests'] });
  const plan = async (limit: Limit, size: keyof Pair): Promise<string> => {
    const calls = String(size === 'small' ? SMALL_CALLS : LARGE_CALLS);
    const quota = { featureKey: 'calls', meters: ['requests'], limit: calls, period: 'month', onExhausted: 'reject' };
    const options = { name: 'calls', meters: ['requests'], limit: calls, period: 'billing-cycle' };
    const terms = {
      ...{ rateLimit: null, quotas: limit === 'month' ? [quota as never] : [], outputTokensMax: 1_000 },
      rateCards: [
        { key: 'calls', name: 'Calls', price: { kind: 'per-unit' as const, meter: 'requests', usdPerUnit: '0.01' } },
      ],
      defaultKeyBudget: { limitNanoUsd: String(CALL_NANO_USD * BigInt(AMPLE_CALLS)), period: 'month' as const },
      policies: limit === 'billing-cycle' ? [{ type: 'quota', options }] : [],
    };
    const name = `${limit}-${size}`;
    const made = await createPlan(services, SYSTEM, { providerId, key: name, name, terms: terms as never });
    await publishPlan(services, SYSTEM, { providerId, planVersionId: made.versions[0]?.id ?? '' });
    return made.id;
  };
  const pair = async (limit: Limit) => ({ small: await plan(limit, 'small'), large: await plan(limit, 'large') });
  return {
    'billing-cycle': await pair('billing-cycle'),
    month: await pair('month'),
    budget: { small: tenant.planIds.calls, large: await plan('budget', 'large') },
  };
}
