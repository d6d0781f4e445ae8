import { apiSnapshot, type VolumeDiscountText } from '@tollwright/contracts';
import { openSecret } from '@tollwright/contracts/sealed-secret';
import {
  createWorld,
  openServicesHarness,
  type ServicesHarness,
  termsOf,
  UPSTREAM_SECRET,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialContext } from './api/api.ts';
import { setBudget } from './budget/set.ts';
import { revokeKey } from './key/revoke.ts';
import { newPlanVersion } from './plan/new-version.ts';
import { publishPlan } from './plan/publish.ts';
import { updateRoute } from './route/update.ts';
import { secretHash } from './secret-hash.ts';
import { listSubscriptions } from './subscription/list.ts';
import { moveSubscription } from './subscription/move.ts';

let harness: ServicesHarness;
let world: World;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

async function snapshot() {
  const stored = await harness.gatewayState.directory.getSnapshot(world.apiId);
  return apiSnapshot.parse(JSON.parse(stored?.json ?? 'null'));
}

const principal = () => harness.gatewayState.directory.findKey(secretHash(world.key));

describe('publication', () => {
  it('puts routes, extractors in use, meters, plans and wallets into the snapshot', async () => {
    const { providerId, routeId, extractorId } = world;
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, extractorId, strangerPriceNanoUsd: '10000000' });
    const published = await snapshot();
    expect(published.routes.map((route) => `${route.method} ${route.pathTemplate}`).sort()).toEqual([
      'GET /weather/{city}',
      'POST /chat',
    ]);
    expect(published.routes.find((route) => route.id === routeId)?.strangerPriceNanoUsd).toBe(10_000_000n);
    expect(published.extractors.map((extractor) => extractor.id)).toEqual([extractorId]);
    expect(published.meters.map((meter) => meter.slug)).toEqual(['input_tokens', 'output_tokens']);
    expect(published.plans.map((plan) => plan.planVersionId)).toEqual([world.planVersionId]);
    expect(published.plans[0]?.terms.quotas[0]?.meters).toEqual(['input_tokens', 'output_tokens']);
    expect(published.wallets).toMatchObject([
      { kind: 'x402', payTo: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' },
      { kind: 'stripe', networkId: 'profile_a', sealedKey: expect.not.stringContaining('rk_live') },
    ]);
    expect(harness.errors).toEqual([]);
  });

  it('sells to strangers by the newest prices of a plan that is on offer, and then at no fixed price', async () => {
    const { providerId, routeId, planVersionId } = world;
    const update = (strangerPlanId: string | null) =>
      updateRoute(harness.ctx, world.owner, { providerId, routeId, strangerPlanId });
    const sold = async () => (await snapshot()).routes.find((route) => route.id === routeId);
    await update(world.planId);
    expect(await sold()).toMatchObject({
      strangerPriceNanoUsd: null,
      strangerCeiling: { ceilingNanoUsd: 10_000_000n, planVersionId },
    });
    await expect(update(routeId)).rejects.toThrow('names no plan');
    await update(null);
    expect(await sold()).toMatchObject({ strangerPriceNanoUsd: 10_000_000n });
    expect(await sold()).not.toHaveProperty('strangerCeiling');
  });

  it('answers before the money only under a cap, and tells gateways that know none to take it first', async () => {
    const { providerId, routeId } = world;
    const sold = async () => (await snapshot()).routes.find((route) => route.id === routeId);
    const optimistic = { providerId, routeId, settles: 'optimistic' as const };
    await expect(updateRoute(harness.ctx, world.owner, optimistic)).rejects.toThrow('must say how much');
    const free = { statuses: [204], zeroField: 'results' };
    await updateRoute(harness.ctx, world.owner, { ...optimistic, exposureCapNanoUsd: '5000', freeAnswers: free });
    expect(await sold()).toMatchObject({ settles: 'before', exposureCapNanoUsd: 5_000n, freeAnswers: free });
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, settles: 'after' });
    expect(await sold()).not.toHaveProperty('settles');
    expect(await sold()).not.toHaveProperty('exposureCapNanoUsd');
  });

  it('lets in again who paid, where every call costs the same, for thirty days at most', async () => {
    const { providerId, routeId, planId: strangerPlanId } = world;
    const sold = async () => (await snapshot()).routes.find((route) => route.id === routeId);
    const update = (wanted: { accessSeconds?: number | null; strangerPlanId?: string | null }) =>
      updateRoute(harness.ctx, world.owner, { providerId, routeId, ...wanted });
    await update({ accessSeconds: 3_600 });
    expect(await sold()).toMatchObject({ accessSeconds: 3_600 });
    await expect(update({ strangerPlanId })).rejects.toThrow('all cost the same');
    await expect(update({ accessSeconds: 30 * 86_400 + 1 })).rejects.toThrow();
    await update({ accessSeconds: null, strangerPlanId });
    expect(await sold()).not.toHaveProperty('accessSeconds');
    await expect(update({ accessSeconds: 60 })).rejects.toThrow('all cost the same');
    await update({ strangerPlanId: null });
  });

  it('sells for less to who pays often, where every call costs the same', async () => {
    const { providerId, routeId, planId: strangerPlanId } = world;
    const sold = async () => (await snapshot()).routes.find((route) => route.id === routeId);
    const update = (wanted: { discount?: VolumeDiscountText | null; strangerPlanId?: string | null }) =>
      updateRoute(harness.ctx, world.owner, { providerId, routeId, ...wanted });
    const byUsd = { measure: 'usd', fromNanoUsd: '5000000000', percentOff: 25 } as const;
    const discount = { period: 'month', tiers: [{ measure: 'calls', from: 100, percentOff: 10 }, byUsd] } as const;
    expect(await update({ discount: { ...discount, tiers: [...discount.tiers] } })).toMatchObject({ discount });
    expect((await sold())?.discount).toEqual({
      ...{ period: 'month', tiers: [discount.tiers[0], { ...byUsd, fromNanoUsd: 5_000_000_000n }] },
    });
    await expect(update({ strangerPlanId })).rejects.toThrow('all cost the same');
    for (const tier of [
      { ...byUsd, percentOff: 100 },
      { ...byUsd, fromNanoUsd: '0' },
    ]) {
      await expect(update({ discount: { period: 'day', tiers: [tier] } })).rejects.toThrow();
    }
    expect(await update({ discount: null })).toMatchObject({ discount: null });
    expect(await sold()).not.toHaveProperty('discount');
  });

  it('carries the upstream credential sealed for this provider and API', async () => {
    const { upstream } = await snapshot();
    const sealed = upstream.credential?.sealedValue ?? '';
    expect(sealed).not.toContain('sk-upstream');
    const context = credentialContext(world.providerId, world.apiId);
    expect(openSecret(harness.ctx.masterKeys, context, sealed)).toBe(UPSTREAM_SECRET);
    const elsewhere = credentialContext('prv_other', world.apiId);
    expect(() => openSecret(harness.ctx.masterKeys, elsewhere, sealed)).toThrow();
  });

  it('knows a key by its hash with budgets from the agent down to the key', async () => {
    const found = await principal();
    expect(found?.key).toMatchObject({ keyId: world.keyId, agentId: world.agentId, projectId: world.projectId });
    expect(found?.key.budgetNodes.map((node) => node.node)).toEqual([
      `budget:${world.budgetId}`,
      `budget:${world.keyBudgetId}`,
    ]);
    expect(found?.customer).toMatchObject({ status: 'active', planVersionId: world.planVersionId });
  });

  it('raises the customer version with a lowered budget, and has it in the directory when the verb returns', async () => {
    const before = await principal();
    await setBudget(harness.ctx, world.customerOwner, {
      ...world.target,
      subject: 'customer',
      subjectId: world.customerId,
      limitNanoUsd: '1000000000',
      period: 'month',
    });
    const after = await principal();
    expect(after?.customer.version).toBeGreaterThan(before?.customer.version ?? Number.NaN);
    expect(after?.key.budgetNodes[0]?.limitNanoUsd).toBe(1_000_000_000n);
    expect(after?.key.budgetNodes).toHaveLength(3);
    expect(harness.errors).toEqual([]);
  });
});

describe('plan versions', () => {
  it('keep their subscribers until these are moved', async () => {
    const { ctx } = harness;
    const { providerId, planId } = world;
    const draft = await newPlanVersion(ctx, world.owner, { providerId, planId, terms: termsOf('30000000000') });
    await publishPlan(ctx, world.owner, { providerId, planVersionId: draft.id });
    const stays = await listSubscriptions(ctx, world.customerOwner, world.target);
    expect(stays.items[0]).toMatchObject({ planVersionId: world.planVersionId, version: 1 });
    expect((await snapshot()).plans.map((plan) => plan.version).sort()).toEqual([1, 2]);
    await moveSubscription(ctx, world.customerOwner, { ...world.target, planId });
    expect((await principal())?.customer.planVersionId).toBe(draft.id);
  });

  it('post the fee of the cycle once, and the difference for its rest after a move to a dearer one', async () => {
    const rows = await harness.owner.$queryRaw<{ kind: string; total: bigint }[]>`
      SELECT a.kind::text AS kind, sum(p.amount_nano_usd)::bigint AS total FROM ledger_posting p
      JOIN ledger_account a ON a.id = p.account_id JOIN ledger_transfer t ON t.id = p.transfer_id
      WHERE t.reference LIKE 'subscription:%' GROUP BY 1 ORDER BY 1`;
    const [receivable, revenue] = rows;
    expect(rows.map(({ kind }) => kind)).toEqual(['receivable', 'revenue']);
    expect(Number(receivable?.total)).toBeGreaterThan(29_900_000_000);
    expect(receivable?.total).toBeLessThanOrEqual(30_000_000_000n);
    expect(revenue?.total).toBe(-(receivable?.total ?? 0n));
  });

  it('never change once published, not even by SQL of the owner of the tables', async () => {
    const change = harness.owner.$executeRaw`UPDATE plan_version SET terms = '{}' WHERE id = ${world.planVersionId}`;
    await expect(change).rejects.toThrow(/never changes/);
    const removal = harness.owner.$executeRaw`DELETE FROM plan_version WHERE id = ${world.planVersionId}`;
    await expect(removal).rejects.toThrow(/never changes/);
  });
});

describe('revocation', () => {
  it('takes the key out of the directory before the verb returns', async () => {
    expect(await principal()).not.toBeNull();
    await revokeKey(harness.ctx, world.customerOwner, { ...world.target, keyId: world.keyId });
    expect(await principal()).toBeNull();
  });
});

describe('secrets', () => {
  it('are in no column and no audit entry in the clear', async () => {
    const tables = await harness.owner.$queryRaw<{ name: string }[]>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'state')`;
    expect(tables.length).toBeGreaterThan(30);
    for (const { name } of tables) {
      const schema = await harness.owner.$queryRaw<{ s: string }[]>`
        SELECT schemaname AS s FROM pg_tables WHERE tablename = ${name} AND schemaname IN ('public', 'state') LIMIT 1`;
      const rows = await harness.owner.$queryRawUnsafe<{ text: string }[]>(
        `SELECT t::text AS text FROM "${schema[0]?.s}"."${name}" t`,
      );
      const text = rows.map((row) => row.text).join('\n');
      for (const secret of [world.key, world.token, 'sk-upstream-secret']) expect(text, name).not.toContain(secret);
      for (const mail of harness.mails) {
        const token = /token=([\w-]+)/.exec(mail.text)?.[1];
        if (token) expect(text, name).not.toContain(token);
      }
    }
  });
});
