import { parseKey } from '@tollwright/core';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveAgent } from '../agent/archive.ts';
import { listBudgets } from '../budget/list.ts';
import { removeBudget } from '../budget/remove.ts';
import { updateCustomer } from '../customer/update.ts';
import { updateProvider } from '../provider/update.ts';
import { secretHash } from '../secret-hash.ts';
import { endSubscription } from '../subscription/end.ts';
import { subscribe } from '../subscription/subscribe.ts';
import { createKey } from './create.ts';
import { listKeys } from './list.ts';
import { updateKey } from './update.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const principalOf = (key: string) => harness.gatewayState.directory.findKey(secretHash(key));

describe('a key', () => {
  it("is shown once, and capped by its plan's default", async () => {
    expect(parseKey(world.key)).toEqual({ prefix: 'tw', livemode: true });
    const { items } = await listKeys(harness.ctx, world.customerOwner, world.target);
    expect(items[0]).toMatchObject({ id: world.keyId, status: 'active', last4: world.key.slice(-4) });
    expect(JSON.stringify(items)).not.toContain(world.key);
    expect(JSON.stringify(items)).not.toContain(secretHash(world.key));
    const budgets = await listBudgets(harness.ctx, world.customerOwner, { ...world.target, subject: 'key' });
    expect(budgets.items).toMatchObject([
      { subjectId: world.keyId, limitNanoUsd: '5000000000', period: 'month', now: { spentNanoUsd: '0' } },
    ]);
  });

  it('keeps its cap: it can be changed, not removed', async () => {
    const removal = removeBudget(harness.ctx, world.customerOwner, { ...world.target, budgetId: world.keyBudgetId });
    await expect(removal).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });

  it("begins with its provider's prefix and names its mode", async () => {
    await updateProvider(harness.ctx, world.owner, { providerId: world.providerId, keyPrefix: 'acme' });
    const input = { ...world.target, agentId: world.agentId, name: 'test', livemode: false };
    const { key } = await createKey(harness.ctx, world.customerOwner, input);
    expect(key).toMatch(/^acme_test_[0-9A-Za-z]{38}$/);
    expect((await principalOf(key))?.key.livemode).toBe(false);
  });

  it('carries notes that gateways get; changing them leaves an audit entry', async () => {
    const metadata = { team: 'red', 'cost-centre': '4711' };
    const { id, key } = await createKey(harness.ctx, world.customerOwner, {
      ...{ ...world.target, agentId: world.agentId, name: 'noted' },
      metadata,
    });
    expect((await principalOf(key))?.key.metadata).toEqual(metadata);
    const change = { ...world.target, keyId: id, name: 'renamed', metadata: { team: 'blau' } };
    const updated = await updateKey(harness.ctx, world.customerOwner, change);
    expect(updated).toMatchObject({ name: 'renamed', metadata: { team: 'blau' } });
    expect((await principalOf(key))?.key.metadata).toEqual({ team: 'blau' });
    const entry = await harness.owner.auditEntry.findFirst({ where: { targetId: id, action: 'key.update' } });
    expect(entry).toMatchObject({ before: { metadata }, after: { metadata: { team: 'blau' } } });
  });

  it.each([
    ['a name with a space', { 'a b': 'x' }],
    ['a long name', { ['n'.repeat(41)]: 'x' }],
    ['a long value', { a: 'x'.repeat(201) }],
    ['two lines', { a: 'x\ny' }],
    ['half a character', { a: '\ud800' }],
    ['21 entries', Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`n${index}`, 'x']))],
  ])('takes no notes with %s', async (_, metadata) => {
    const attempt = updateKey(harness.ctx, world.customerOwner, { ...world.target, keyId: world.keyId, metadata });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('needs a budget of its own where no plan gives it one', async () => {
    await endSubscription(harness.ctx, world.customerOwner, world.target);
    const input = { ...world.target, agentId: world.agentId, name: 'bare' };
    const attempt = createKey(harness.ctx, world.customerOwner, input);
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    const budget = { limitNanoUsd: '1', period: 'total' as const };
    const { key } = await createKey(harness.ctx, world.customerOwner, { ...input, budget });
    expect((await principalOf(key))?.customer.planVersionId).toBeNull();
    await subscribe(harness.ctx, world.customerOwner, { ...world.target, planId: world.planId });
  });
});

describe('a customer that its provider suspends', () => {
  it('is suspended for gateways when the verb returns; it cannot lift that itself', async () => {
    await updateCustomer(harness.ctx, world.owner, { ...world.target, status: 'suspended' });
    expect((await principalOf(world.key))?.customer.status).toBe('suspended');
    const attempt = updateCustomer(harness.ctx, world.customerOwner, { ...world.target, status: 'active' });
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'forbidden' } });
    await updateCustomer(harness.ctx, world.owner, { ...world.target, status: 'active' });
  });
});

describe('an archived agent', () => {
  it('loses all its keys at once', async () => {
    await archiveAgent(harness.ctx, world.customerOwner, { ...world.target, agentId: world.agentId });
    expect(await principalOf(world.key)).toBeNull();
    const { items } = await listKeys(harness.ctx, world.customerOwner, { ...world.target, agentId: world.agentId });
    expect(new Set(items.map((key) => key.status))).toEqual(new Set(['revoked']));
  });
});
