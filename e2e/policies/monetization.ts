import assert from 'node:assert/strict';
import { done } from '../management.ts';
import { freshName } from '../subscriber.ts';
import { expectProblem, expectStatus } from './expect.ts';
import type { PolicySuite } from './scenario.ts';
import type { Policy, Stage } from './stage.ts';

const monetization = (options: Record<string, unknown>): Policy => ({ type: 'monetization', options });
const TIERS = { tiers: { premium_tokens: ['toll-large'] }, otherModels: 'standard_tokens' };
const perToken = (meter: string, usdPerUnit: string) => ({
  key: meter,
  name: meter,
  price: { kind: 'per-unit' as const, meter, usdPerUnit },
});
const TIER_PRICES = [perToken('premium_tokens', '0.001'), perToken('standard_tokens', '0.00001')];
/** 20 tokens in all, as the upstream reports them. */
const TWENTY = { max_tokens: 12, upstream: { reportedPromptTokens: 8, reportedCompletionTokens: 12 } };

async function unsubscribed({ management }: Stage): Promise<string> {
  const { id: customerId } = await done(management.POST('/customers', { body: { name: freshName('customer') } }));
  const { id: agentId } = await done(management.POST('/agents', { body: { customerId, name: 'agent' } }));
  const budget = { limitNanoUsd: '1000000000', period: 'month' as const };
  return (await done(management.POST('/keys', { body: { customerId, agentId, name: 'key', budget } }))).key;
}

export const monetizationSuite: PolicySuite = {
  policy: 'monetization',
  scenarios: [
    {
      title: 'a plan that does not grant a feature is 403 and told which',
      statuses: { 403: 1 },
      async play(stage) {
        await stage.set({ api: [monetization({ requires: ['vision', 'batch'] })] });
        const { key } = await stage.onPlan([monetization({ grants: ['batch'] })]);
        await expectProblem(await stage.quote(key), { slug: 'not-entitled', missing: ['vision'] });
      },
    },
    {
      title: 'granted by the plan, or by a quota of the feature',
      statuses: { 200: 2 },
      async play(stage) {
        await stage.set({ api: [monetization({ requires: ['vision'] })] });
        const granted = await stage.onPlan([monetization({ grants: ['vision'] })]);
        const quotas = [{ featureKey: 'vision', limit: '100', period: 'month' as const }];
        const byQuota = await stage.subscriber({ terms: { quotas } });
        expectStatus(await stage.quote(granted.key), 200);
        expectStatus(await stage.quote(byQuota.key), 200);
      },
    },
    {
      title: 'required on a route: other routes are open',
      statuses: { 200: 1, 403: 1 },
      async play(stage) {
        await stage.set({ route: { getQuote: [monetization({ requires: ['vision'] })] } });
        const { key } = stage.regular;
        expectStatus(await stage.quote(key), 403);
        expectStatus(await stage.weather(key), 200);
      },
    },
    {
      title: 'an account without a subscription is 403 on every route',
      statuses: { 403: 2 },
      async play(stage) {
        await stage.set({});
        const key = await unsubscribed(stage);
        expectStatus(await stage.quote(key), 403);
        expectStatus(await stage.weather(key), 403);
      },
    },
    {
      title: 'tiers: the same tokens cost by the tier of their model',
      statuses: { 200: 2 },
      async play(stage) {
        await stage.set({});
        const { key } = await stage.onPlan([monetization(TIERS)], { rateCards: TIER_PRICES });
        const costs: (string | null)[] = [];
        for (const model of ['toll-large', 'toll-small']) {
          const answer = expectStatus(await stage.chat(key, { ...TWENTY, model }), 200);
          costs.push(answer.headers.get('tollwright-cost-usd'));
        }
        assert.deepEqual(costs, ['0.02', '0.0002']);
      },
    },
    {
      title: 'static and dynamic meters on one plan: a price per call beside one per token',
      statuses: { 200: 2 },
      async play(stage) {
        await stage.set({});
        const rateCards = [perToken('requests', '0.5'), perToken('output_tokens', '0.01')];
        const { key } = await stage.subscriber({ terms: { rateCards } });
        const chat = expectStatus(await stage.chat(key, TWENTY), 200);
        const quote = expectStatus(await stage.quote(key), 200);
        const costs = [chat, quote].map(({ headers }) => headers.get('tollwright-cost-usd'));
        assert.deepEqual(costs, ['0.62', '0.50']);
      },
    },
  ],
};
