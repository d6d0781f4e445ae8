import { apiSnapshot, PAYMENT_RAILS } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createWorld, openServicesHarness, paymentOf, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAudit } from '../audit/list.ts';
import { getPayment } from '../payment/get.ts';
import { recordPayment } from '../payment/record.ts';
import { listRoutes } from '../route/list.ts';
import { updateRoute } from '../route/update.ts';
import { getProvider } from './get.ts';
import { updateProvider } from './update.ts';

let harness: ServicesHarness;
let world: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const stripe = { fixedNanoUsd: '250000000', basisPoints: 150, gasNanoUsd: '0' };
const update = (railFees: Parameters<typeof updateProvider>[2]['railFees']) =>
  updateProvider(harness.ctx, world.owner, { providerId: world.providerId, railFees });

async function published() {
  const found = await harness.gatewayState.directory.getSnapshot(world.apiId);
  return apiSnapshot.parse(JSON.parse(found?.json ?? 'null'));
}

describe('fees of rails', () => {
  it('are estimates until the provider says its own, and every rail has one', async () => {
    const { railFees } = await getProvider(harness.ctx, world.owner, { providerId: world.providerId });
    expect(Object.keys(railFees).sort()).toEqual([...PAYMENT_RAILS].sort());
    expect(railFees.stripe).toEqual({ fixedNanoUsd: '300000000', basisPoints: 290, gasNanoUsd: '0' });
    expect((await published()).railFees).toEqual({});
  });

  it('are said rail by rail, audited, and published with every API', async () => {
    const { version } = await published();
    const { railFees } = await update({ stripe });
    expect([railFees.stripe, railFees.x402.fixedNanoUsd]).toEqual([stripe, '1000000']);
    await update({ tempo: { fixedNanoUsd: '0', basisPoints: 0, gasNanoUsd: '500000' } });
    const snapshot = await published();
    expect(snapshot.version).toBe(version + 2);
    expect(snapshot.railFees).toEqual({
      stripe: { fixedNanoUsd: 250_000_000n, basisPoints: 150, gasNanoUsd: 0n },
      tempo: { fixedNanoUsd: 0n, basisPoints: 0, gasNanoUsd: 500_000n },
    });
    const { items } = await listAudit(harness.ctx, world.owner, { providerId: world.providerId });
    expect(items.filter(({ action }) => action === 'provider.update').length).toBe(2);
  });

  it.each([
    ['more than all', { ...stripe, basisPoints: 10_001 }],
    ['less than nothing', { ...stripe, fixedNanoUsd: '-1' }],
  ])('are never %s of a payment', async (_what, fee) => {
    await expect(update({ stripe: fee })).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('publish nothing where only a name changes', async () => {
    const { version } = await published();
    await updateProvider(harness.ctx, world.owner, { providerId: world.providerId, name: 'Acme 2' });
    expect((await published()).version).toBe(version);
  });
});

describe('a payment', () => {
  it('shows what its rail took', async () => {
    const { providerId, customerId, apiId } = world;
    const { items } = await listRoutes(harness.ctx, world.owner, { providerId, apiId });
    const routeIds = items.map(({ id }) => id);
    const tenant = { ...{ providerId, customerId, apiId }, routeIds } as unknown as Parameters<typeof paymentOf>[0];
    const payment = paymentOf(tenant, { routeId: routeIds[0] ?? '', feeNanoUsd: nanoUsd(1_000_000n) });
    await recordPayment(harness.workerCtx, payment);
    const shown = await getPayment(harness.ctx, world.owner, { providerId, paymentId: payment.paymentId });
    expect([shown.feeNanoUsd, shown.priceNanoUsd]).toEqual(['1000000', '10000000']);
  });
});

describe('a route that strangers may pay for', () => {
  it('is published with what it takes; a summary goes along always', async () => {
    const { providerId, apiId } = world;
    const { items } = await listRoutes(harness.ctx, world.owner, { providerId, apiId });
    const routeId = items.find(({ operationId }) => operationId === 'weather')?.id ?? '';
    const shown = async (wanted: string) =>
      (await published()).routes.find(({ operationId }) => operationId === wanted);
    expect([(await shown('weather'))?.requestSchema, (await shown('chat'))?.summary]).toEqual([undefined, 'Chat']);
    await updateRoute(harness.ctx, world.owner, { providerId, routeId, strangerPriceNanoUsd: '10000000' });
    expect((await shown('weather'))?.requestSchema?.parameters).toEqual([
      { name: 'city', in: 'path', required: true, schema: { type: 'string' } },
    ]);
  });
});
