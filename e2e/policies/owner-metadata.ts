import assert from 'node:assert/strict';
import { done } from '../management.ts';
import { DAY_SECONDS } from '../moments.ts';
import { newOwner } from '../people.ts';
import { makePlan, perCall } from '../subscriber.ts';
import { expectProblem, expectStatus, times, turn } from './expect.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** Every name that could be mistaken for a plan, a limit, a right or a price. */
function tempting(planKey: string, planVersionId: string): Record<string, string> {
  const limits = {
    limit: '1000000',
    rateLimit: '1000000',
    limitsByPlan: '{}',
    budget: '0',
    limitNanoUsd: '9000000000',
  };
  const rights = { scopes: 'chat:write', grants: 'vision', features: 'vision', role: 'owner' };
  const prices = { price: '0', usdPerUnit: '0', strangerPriceNanoUsd: '0' };
  return { plan: planKey, planKey, planVersionId, ...limits, ...rights, ...prices };
}

/** An owner with an account of its own, on this plan: it makes its agent and key itself, and writes what it likes on both. */
async function temptedOwner(stage: Stage, planVersionId: string, metadata: Record<string, string>) {
  const { id: customerId, management } = await newOwner(stage.provider, 'owner');
  await done(stage.management.POST('/subscriptions', { body: { customerId, planVersionId } }));
  const agent = await done(management.POST('/agents', { body: { customerId, name: 'agent', metadata } }));
  const body = { customerId, agentId: agent.id, name: 'key' };
  const { id: keyId, key } = await done(management.POST('/keys', { body }));
  const path = { keyId };
  const noted = await done(management.PATCH('/keys/{keyId}', { params: { path }, body: { customerId, metadata } }));
  assert.deepEqual(noted.metadata, metadata);
  return key;
}

export const ownerMetadata: Scenario = {
  title: 'what an owner notes on key and agent never changes plan, limit, right or price',
  statuses: { 200: 2, 403: 2, 429: 1 },
  async play(stage) {
    const [rich, poor] = [
      await makePlan(stage.management, { terms: { rateCards: [perCall('0')] } }),
      await makePlan(stage.management, { terms: { rateCards: [perCall('0.01')] } }),
    ];
    const key = await temptedOwner(stage, poor.planVersionId, tempting(rich.planKey, rich.planVersionId));
    const options = { limit: 2, windowSeconds: DAY_SECONDS, limitsByPlan: { [rich.planKey]: 100 } };
    await stage.set({ api: [{ type: 'rate-limit', options }] });
    const answers = await times(3, (index) => stage.quote(key, turn(index)));
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('tollwright-cost-usd')),
      ['0.01', '0.01', null],
    );
    await expectProblem(answers[2] as Response, { slug: 'rate-limited', limit: '2' });
    await stage.set({ api: [{ type: 'scopes', options: { scopes: ['chat:write'] } }] });
    expectStatus(await stage.quote(key), 403);
    await stage.set({ api: [{ type: 'monetization', options: { requires: ['vision'] } }] });
    await expectProblem(await stage.quote(key), { slug: 'not-entitled', missing: ['vision'] });
  },
};
