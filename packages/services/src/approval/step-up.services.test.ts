import { type ApprovalAsk, apiSnapshot, type InboxItem } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { keyHash } from '@tollwright/state';
import { createWorld, openServicesHarness, paymentOf, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as services from '../index.ts';

const PRICE = nanoUsd(500_000_000n);
const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

let harness: ServicesHarness;
let world: World;
let sequence = 0;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
});
afterAll(() => harness.close());

const provider = () => ({ providerId: world.providerId });
const snapshot = async () => {
  const found = await harness.gatewayState.directory.getSnapshot(world.apiId);
  return apiSnapshot.parse(JSON.parse(found?.json ?? ''));
};
const published = async () => (await harness.gatewayState.directory.findKey(keyHash(world.key)))?.customer.approvals;
const approvals = async () => (await services.listApprovals(harness.ctx, world.customerViewer, world.target)).items;
const waiting = () => services.waitingApprovals(harness.ctx, world.customerViewer, world.target);
const decide = (approvalId: string, decision: 'once' | 'day' | 'refused', limitNanoUsd?: string) =>
  services.decideApproval(harness.ctx, world.customerOwner, {
    ...{ ...world.target, approvalId, decision },
    ...(limitNanoUsd === undefined ? {} : { limitNanoUsd }),
  });

function asked(change: Partial<ApprovalAsk> = {}): InboxItem {
  const { providerId, customerId, agentId, keyId, apiId, routeId } = world;
  const ask: ApprovalAsk = {
    ...{ schemaVersion: 1, providerId, customerId, agentId, keyId, apiId, routeId, livemode: true },
    ...{ priceNanoUsd: PRICE, occurredAt: new Date().toISOString(), ...change },
  };
  return { kind: 'approval-ask', ask };
}

async function ingest(...items: readonly InboxItem[]): Promise<void> {
  const numbered = items.map((item) => ({ sequence: ++sequence, item }));
  await harness.gatewayState.inbox.append('spl_asks', numbered);
  expect(await services.ingestSpool(harness.workerCtx, 'spl_asks')).toMatchObject({ kind: 'ingested', rejected: 0 });
  await services.drainOutbox(harness.workerCtx, { limit: 100 });
}

function paid(approvalId: string, paymentId: string): InboxItem {
  const pair = (id: string) => [id, id] as const;
  const { providerId, customerId, apiId } = world;
  const ids = { agentIds: pair(world.agentId), keyIds: pair(world.keyId), routeIds: pair(world.routeId) };
  const payment = paymentOf(
    { providerId, customerId, apiId, ...ids },
    { paymentId, claimKey: paymentId, approvalId, priceNanoUsd: PRICE },
  );
  return { kind: 'payment', payment };
}

describe('the limits of a route', () => {
  it('reach gateways, and are left out where there are none', async () => {
    expect(await waiting()).toEqual({ waiting: 0, isUsed: false });
    expect((await snapshot()).routes.map(({ stepUp }) => stepUp)).not.toContainEqual(expect.anything());
    const route = await services.updateRoute(harness.ctx, world.owner, {
      ...{ ...provider(), routeId: world.routeId, strangerPriceNanoUsd: `${PRICE}` },
      ...{ stepUpAboveNanoUsd: '1000', stepUpNeeds: 'owner-approval' },
    });
    expect(route).toMatchObject({ stepUpAboveNanoUsd: '1000', stepUpPayerAboveNanoUsd: null });
    expect(await waiting()).toEqual({ waiting: 0, isUsed: true });
    const { routes } = await snapshot();
    expect(routes.find(({ id }) => id === world.routeId)?.stepUp).toEqual({
      ...{ aboveNanoUsd: 1_000n, payerAboveNanoUsd: null, needs: 'owner-approval' },
    });
  });
});

describe('the limits of an API', () => {
  const stepUp = async () => (await snapshot()).routes.find(({ id }) => id === world.routeId)?.stepUp;
  const set = (limits: object) =>
    services.updateApi(harness.ctx, world.owner, { ...provider(), apiId: world.apiId, ...limits });
  const setRoute = (limits: object) =>
    services.updateRoute(harness.ctx, world.owner, { ...provider(), routeId: world.routeId, ...limits });
  const published = async () => {
    await services.drainOutbox(harness.workerCtx, { limit: 100 });
    return stepUp();
  };

  it('hold on every route that has none of its own, which may be none at all', async () => {
    const own = await stepUp();
    expect(await set({ stepUpAboveNanoUsd: '7000', stepUpNeeds: 'owner-approval' })).toMatchObject({
      ...{ stepUpAboveNanoUsd: '7000', stepUpPayerAboveNanoUsd: null, stepUpNeeds: 'owner-approval' },
    });
    expect(await published()).toEqual(own);
    const others = (await snapshot()).routes.filter(({ id }) => id !== world.routeId);
    expect(others.map((route) => route.stepUp?.aboveNanoUsd)).toEqual(others.map(() => 7_000n));
    expect(await setRoute({ stepUpFrom: 'api' })).toMatchObject({ stepUpFrom: 'api', stepUpAboveNanoUsd: null });
    expect(await published()).toMatchObject({ aboveNanoUsd: 7_000n, needs: 'owner-approval' });
    expect(await waiting()).toEqual({ waiting: 0, isUsed: true });
    expect(await setRoute({ stepUpFrom: 'route' })).toMatchObject({ stepUpFrom: 'route', stepUpAboveNanoUsd: null });
    expect(await published()).toBeUndefined();
  });

  it('give way to limits of the route, and are not mixed with them', async () => {
    await expect(setRoute({ stepUpFrom: 'api', stepUpAboveNanoUsd: '1' })).rejects.toMatchObject({
      problem: { slug: 'invalid-input' },
    });
    await setRoute({ stepUpFrom: 'api' });
    expect(await setRoute({ stepUpAboveNanoUsd: null })).toMatchObject({ stepUpFrom: 'api' });
    expect(await setRoute({ stepUpAboveNanoUsd: '1000' })).toMatchObject({ stepUpFrom: 'route' });
    expect(await published()).toMatchObject({ aboveNanoUsd: 1_000n });
    await set({ stepUpAboveNanoUsd: null, stepUpNeeds: 'verified-payer' });
    expect(await published()).toMatchObject({ aboveNanoUsd: 1_000n, needs: 'owner-approval' });
  });
});

describe('payers whom the provider knows', () => {
  it('reach gateways by address in lower case and as customers, once each, until they are forgotten', async () => {
    const verify = (who: object) =>
      services.verifyPayer(harness.ctx, world.owner, { ...provider(), note: 'Ada', ...who });
    const wallet = await verify({ address: ADDRESS });
    const customer = await verify({ customerId: world.customerId });
    expect([wallet.address, customer.customerName]).toEqual([ADDRESS.toLowerCase(), expect.any(String)]);
    expect((await snapshot()).verifiedPayers).toEqual({
      ...{ addresses: [ADDRESS.toLowerCase()], customers: [world.customerId] },
    });
    await expect(verify({ address: ADDRESS.toLowerCase() })).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    await expect(verify({})).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    await expect(verify({ address: ADDRESS, customerId: world.customerId })).rejects.toMatchObject({
      problem: { slug: 'invalid-input' },
    });
    for (const { id: verifiedPayerId } of [wallet, customer]) {
      await services.forgetPayer(harness.ctx, world.owner, { ...provider(), verifiedPayerId });
    }
    expect((await snapshot()).verifiedPayers).toBeUndefined();
    expect((await services.listVerifiedPayers(harness.ctx, world.viewer, provider())).items).toEqual([]);
  });
});

describe('what an agent asks its owners to approve', () => {
  it('is one row for agent and route, with the dearest price, and one mail to each owner', async () => {
    harness.mails.length = 0;
    const dearer = nanoUsd(PRICE + 1n);
    await ingest(asked(), asked({ priceNanoUsd: dearer }), asked({ priceNanoUsd: nanoUsd(1n) }));
    await ingest(asked(), asked({ agentId: 'agt_of_nobody' }));
    expect(await waiting()).toEqual({ waiting: 1, isUsed: true });
    expect(await approvals()).toMatchObject([{ state: 'asked', agentId: world.agentId, priceNanoUsd: `${dearer}` }]);
    expect(harness.mails).toMatchObject([
      {
        subject: expect.stringContaining('0.5'),
        text: expect.stringContaining(`/p/acme/${world.customerId}/approvals`),
      },
    ]);
    expect(await published()).toBeUndefined();
  });

  it('reaches gateways as its owner decided, who cannot give less than was asked for', async () => {
    const [ask] = await approvals();
    const approvalId = ask?.id ?? '';
    await expect(decide(approvalId, 'once', '1')).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    const after = await decide(approvalId, 'once');
    expect(after).toMatchObject({ state: 'once', decidedBy: `user:${world.customerOwner.userId}` });
    expect(await published()).toMatchObject([
      { approvalId, agentId: world.agentId, routeId: world.routeId, once: true, limitNanoUsd: PRICE + 1n },
    ]);
    await expect(decide(approvalId, 'day')).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });

  it('of once holds no more when its payment has settled', async () => {
    const [{ id: approvalId } = { id: '' }] = await approvals();
    await ingest(paid(approvalId, 'pay_used'));
    expect(await approvals()).toMatchObject([{ id: approvalId, state: 'used' }]);
    expect(await published()).toBeUndefined();
    await expect(decide(approvalId, 'refused')).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });

  it('for a day holds for however many payments, until it is refused; then nothing is asked for a day', async () => {
    await ingest(asked());
    const [{ id: approvalId } = { id: '' }] = await approvals();
    await decide(approvalId, 'day', `${4n * PRICE}`);
    await ingest(paid(approvalId, 'pay_first'));
    expect(await published()).toMatchObject([{ approvalId, once: false, limitNanoUsd: 4n * PRICE }]);
    await decide(approvalId, 'refused');
    expect(await published()).toBeUndefined();
    await ingest(asked());
    expect((await approvals()).map(({ state }) => state)).toEqual(['refused', 'used']);
  });

  it('is decided once by ten at once', async () => {
    await harness.owner.paymentApproval.updateMany({
      where: { id: (await approvals())[0]?.id ?? '' },
      data: { decidedAt: new Date(0) },
    });
    await ingest(asked());
    const [{ id: approvalId } = { id: '' }] = await approvals();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => decide(approvalId, 'once')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
