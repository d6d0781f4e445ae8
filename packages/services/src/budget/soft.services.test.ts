import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretHash } from '../secret-hash.ts';
import { customerHome } from '../usage/customer-home.ts';
import { listBudgets } from './list.ts';
import { setBudget } from './set.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const publishedAgentNode = async () => {
  const principal = await harness.gatewayState.directory.findKey(secretHash(world.key));
  return principal?.key.budgetNodes.find(({ node }) => node === `budget:${world.budgetId}`);
};

function setAgentBudget(soft?: boolean) {
  const budget = { subject: 'agent' as const, subjectId: world.agentId, limitNanoUsd: '7', period: 'month' as const };
  return setBudget(harness.ctx, world.customerOwner, {
    ...world.target,
    ...budget,
    ...(soft === undefined ? {} : { soft }),
  });
}

describe('a soft budget', () => {
  it('is published as such, shown, and stays soft until it is told otherwise', async () => {
    expect((await publishedAgentNode())?.soft).toBeUndefined();
    expect((await setAgentBudget(true)).soft).toBe(true);
    expect(await publishedAgentNode()).toMatchObject({ soft: true, limitNanoUsd: 7n });
    expect((await setAgentBudget()).soft).toBe(true);
    const { items } = await listBudgets(harness.ctx, world.customerOwner, { ...world.target, subject: 'agent' });
    expect(items.find(({ id }) => id === world.budgetId)?.soft).toBe(true);
    const home = await customerHome(harness.ctx, world.customerOwner, world.target);
    expect(home.budgets.find(({ budgetId }) => budgetId === world.budgetId)?.soft).toBe(true);
    expect((await setAgentBudget(false)).soft).toBe(false);
    expect((await publishedAgentNode())?.soft).toBeUndefined();
  });

  it('is none of a key: every key has a cap', async () => {
    const budget = { subject: 'key' as const, subjectId: world.keyId, limitNanoUsd: '7', period: 'month' as const };
    const attempt = setBudget(harness.ctx, world.customerOwner, { ...world.target, ...budget, soft: true });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });
});
