import { ProblemError } from '@tollwright/core';
import { withTenant } from '@tollwright/db';
import { createWorld, openServicesHarness, paymentOf, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeKey } from '../key/revoke.ts';
import { recordPayment } from '../payment/record.ts';
import { newPlanVersion } from '../plan/new-version.ts';
import { publishPlan } from '../plan/publish.ts';
import { drainOutbox } from '../publish/drain-outbox.ts';
import { createWebhook } from './create.ts';
import { takeDueWebhooks } from './due.ts';
import { getWebhookDelivery } from './get-delivery.ts';
import { listWebhooks } from './list.ts';
import { listWebhookDeliveries } from './list-deliveries.ts';
import { purgeWebhooks } from './purge.ts';
import { tell } from './tell.ts';

let harness: ServicesHarness;
let acme: World;
let other: World;
let ofProvider: string;
let ofCustomer: string;
const LIMITS = { ofEndpoint: 100, atMost: 100, busy: [] };

beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  await harness.owner.webhookEndpoint.deleteMany({});
  const { providerId, owner, customerOwner, target } = acme;
  const url = 'https://hooks.example/in?team=1';
  ofProvider = (await createWebhook(harness.ctx, owner, { providerId, url })).id;
  ofCustomer = (await createWebhook(harness.ctx, customerOwner, { ...target, url })).id;
  const eventTypes = ['plan.published' as const];
  await createWebhook(harness.ctx, owner, { providerId, url, eventTypes, livemode: false });
});
afterAll(() => harness?.close());

async function sentTo(endpointId: string): Promise<string[]> {
  await drainOutbox(harness.workerCtx, { limit: 100 });
  const rows = await harness.owner.webhookDelivery.findMany({ where: { endpointId }, orderBy: { id: 'asc' } });
  return rows.map(({ eventType }) => eventType);
}

describe('an endpoint', () => {
  it('shows its secret once, and stores it sealed', async () => {
    const made = await createWebhook(harness.ctx, other.owner, {
      ...{ providerId: other.providerId, url: 'https://hooks.example' },
    });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { items } = await listWebhooks(harness.ctx, other.viewer, { providerId: other.providerId });
    expect(items).toMatchObject([{ id: made.id, disabledBy: null }]);
    expect(JSON.stringify(items)).not.toContain(made.secret);
    const row = await harness.owner.webhookEndpoint.findUniqueOrThrow({ where: { id: made.id } });
    expect(row.sealedSecret).toMatch(/^v1\./);
    const audited = await harness.owner.auditEntry.findMany({ where: { targetId: made.id } });
    expect(JSON.stringify(audited)).not.toContain(made.secret);
  });

  it.each(['ftp://hooks.example', 'https://ada:pw@hooks.example', 'hooks.example', 'https://hooks.example/#x'])(
    'is not at %s',
    async (url) => {
      const made = createWebhook(harness.ctx, acme.owner, { providerId: acme.providerId, url });
      await expect(made).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    },
  );
});

describe('an event', () => {
  it('is told to the provider, and to the customer whom it concerns, once each', async () => {
    const { ctx } = harness;
    await revokeKey(ctx, acme.customerOwner, { ...acme.target, keyId: acme.keyId });
    await revokeKey(ctx, acme.customerOwner, { ...acme.target, keyId: acme.keyId });
    expect([await sentTo(ofProvider), await sentTo(ofCustomer)]).toEqual([['key.revoked'], ['key.revoked']]);
    const { items } = await listWebhookDeliveries(ctx, acme.customerViewer, acme.target);
    expect(items).toMatchObject([{ endpointId: ofCustomer, state: 'pending', attempts: 0 }]);
    const delivery = { ...acme.target, deliveryId: items[0]?.id ?? '' };
    expect(await getWebhookDelivery(ctx, acme.customerViewer, delivery)).toMatchObject({ history: [] });
    const crossing = getWebhookDelivery(ctx, acme.owner, { ...delivery, customerId: undefined });
    await expect(crossing).rejects.toBeInstanceOf(ProblemError);
  });

  it('of the provider alone reaches no customer; both modes hear of what concerns both', async () => {
    const { ctx } = harness;
    const { providerId, owner, planId } = acme;
    const { id: planVersionId } = await newPlanVersion(ctx, owner, { providerId, planId });
    await publishPlan(ctx, owner, { providerId, planVersionId });
    expect(await sentTo(ofProvider)).toEqual(['key.revoked', 'plan.published']);
    expect(await sentTo(ofCustomer)).toEqual(['key.revoked']);
    const { items } = await listWebhookDeliveries(ctx, owner, { providerId, state: 'pending' });
    expect(items.map(({ eventType }) => eventType).sort()).toEqual(['key.revoked', 'plan.published', 'plan.published']);
  });

  it('is not told where what it tells is not stored, nor again where it was stored before', async () => {
    const { providerId, customerId, apiId, routeId, agentId, keyId } = acme;
    const two = <T>(id: T): [T, T] => [id, id];
    const tenant = {
      providerId,
      customerId,
      apiId,
      routeIds: two(routeId),
      agentIds: two(agentId),
      keyIds: two(keyId),
    };
    const failed = paymentOf(tenant, { state: 'failed', reason: 'insufficient_funds', settledAt: null });
    await recordPayment(harness.workerCtx, failed);
    await recordPayment(harness.workerCtx, failed);
    const about = { customerId: null, livemode: true, occurredAt: new Date() };
    const rolledBack = withTenant(harness.workerCtx.db, { providerId, customerId: '*' }, async (tx) => {
      const data = { incidentId: 'inc_1', kind: 'write-off', detail: {} };
      await tell(tx, harness.workerCtx, providerId, [{ ...about, type: 'incident.opened', data }]);
      throw new Error('stopped');
    });
    await expect(rolledBack).rejects.toThrow('stopped');
    expect(await sentTo(ofProvider)).toEqual(['key.revoked', 'plan.published', 'payment.failed']);
  });
});

describe('due deliveries', () => {
  it('are taken by one worker alone, and come back to another after a minute', async () => {
    const taken = await Promise.all([1, 2, 3].map(() => takeDueWebhooks(harness.workerCtx, LIMITS)));
    const ids = taken.flat().map(({ deliveryId }) => deliveryId);
    expect([ids.length > 0, new Set(ids).size]).toEqual([true, ids.length]);
    expect(await takeDueWebhooks(harness.workerCtx, LIMITS)).toEqual([]);
    harness.advance(61_000);
    expect(await takeDueWebhooks(harness.workerCtx, { ...LIMITS, busy: [ofProvider] })).not.toContainEqual(
      expect.objectContaining({ endpointId: ofProvider }),
    );
    const left = await takeDueWebhooks(harness.workerCtx, { ofEndpoint: 2, atMost: 100, busy: [] });
    expect(left.map(({ endpointId }) => endpointId)).toEqual([ofProvider, ofProvider]);
  });

  it('are not for the portal, which may not list tenants', async () => {
    await expect(takeDueWebhooks(harness.ctx, LIMITS)).rejects.toThrow(/permission denied/);
  });

  it('are kept while they are pending; those that ended are forgotten after 30 days', async () => {
    await harness.owner.webhookDelivery.updateMany({
      where: { endpointId: ofCustomer },
      data: { state: 'delivered', nextAttemptAt: null },
    });
    harness.advance(30 * 86_400_000);
    expect(await purgeWebhooks(harness.workerCtx)).toEqual({ purged: 1 });
    expect([await sentTo(ofCustomer), (await sentTo(ofProvider)).length]).toEqual([[], 3]);
  });
});
