import { type PaymentRecord, voucherClaimKey } from '@tollwright/contracts';
import { makeId, nanoUsd } from '@tollwright/core';
import { createWorld, openServicesHarness, paymentOf, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as services from '../index.ts';

const AT = Date.UTC(2026, 10, 20, 10, 7);
const PAYER = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const OTHER_PAYER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const key = (name: string) => `channel:eip155:4217:0x${name}`;

let harness: ServicesHarness;
let world: World;
let other: World;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  await pay('aa', 1, 10_000n);
  await pay('aa', 2, 25_000n);
  await pay('bb', 3, 5_000n);
  await pay('cc', 4, 5_000n, { payer: OTHER_PAYER });
  await pay('dd', 5, 5_000n, { livemode: false });
});
afterAll(() => harness.close());

/** A call that cost 5,000 of the token's units, by a voucher that signs as much as said. */
async function pay(name: string, minute: number, cumulative: bigint, override: Partial<PaymentRecord> = {}) {
  const { providerId, customerId, apiId, routeId, agentId, keyId } = world;
  const tenant = { providerId, customerId, apiId, routeIds: [routeId, routeId], agentIds: [agentId], keyIds: [keyId] };
  const record = paymentOf(tenant as never, {
    ...{ paymentId: `pay_${name}_${cumulative}`, requestId: `req_${name}_${cumulative}`, state: 'settled' },
    ...{ rail: 'tempo', scheme: 'session', network: 'eip155:4217', payer: PAYER, nonce: `${name}${cumulative}` },
    ...{ amountAtomic: '5000', priceNanoUsd: nanoUsd(5_000_000n), roundingNanoUsd: nanoUsd(0n) },
    ...{ claimKey: voucherClaimKey(key(name), cumulative), occurredAt: new Date(AT + minute * 60_000).toISOString() },
    details: { channelId: `0x${name}`, cumulative: `${cumulative}`, signature: '0x01' },
    ...override,
  });
  await services.recordPayment(harness.workerCtx, record);
}

const list = (input: Partial<Parameters<typeof services.listChannels>[2]> = {}) =>
  services.listChannels(harness.ctx, world.viewer, { providerId: world.providerId, ...input });
const idsOf = (page: Awaited<ReturnType<typeof list>>) => page.items.map(({ id }) => id);

describe('channels, as people see them', () => {
  it('have what was signed, spent and settled, in units and in dollars, those used last first', async () => {
    const page = await list();
    expect(idsOf(page)).toEqual([key('cc'), key('bb'), key('aa')]);
    expect(page.items[2]).toMatchObject({
      ...{ state: 'open', payer: PAYER, depositAtomic: null, depositNanoUsd: null, closesAt: null, transaction: null },
      ...{ voucherAtomic: '25000', voucherNanoUsd: '25000000', spentAtomic: '10000', spentNanoUsd: '10000000' },
      ...{ settledAtomic: '0', unsettledAtomic: '10000', unsettledNanoUsd: '10000000' },
      usedAt: new Date(AT + 2 * 60_000).toISOString(),
    });
    expect(idsOf(await list({ livemode: false }))).toEqual([key('dd')]);
  });

  it('know what their chain says: the deposit, what was paid out, and from when the payer may take the rest', async () => {
    const { providerId } = world;
    const record = { providerId, channelKey: key('bb') } as never;
    await services.noteChannel(harness.workerCtx, record, { depositAtomic: 1_000_000n, settledAtomic: 2_000n });
    await services.noteChannel(harness.workerCtx, record, { isClosing: true, closeRequestedAt: new Date(AT) });
    const [channel] = (await list({ state: 'closing' })).items;
    expect(channel).toMatchObject({
      ...{ id: key('bb'), depositNanoUsd: '1000000000', settledNanoUsd: '2000000', unsettledAtomic: '3000' },
      closesAt: new Date(AT + 900_000).toISOString(),
    });
  });

  it('are found by payer and state, page by page', async () => {
    expect(idsOf(await list({ payer: PAYER.toUpperCase().replace('0X', '0x') }))).toEqual([key('bb'), key('aa')]);
    expect(idsOf(await list({ payer: PAYER, state: 'open' }))).toEqual([key('aa')]);
    const first = await list({ limit: 2 });
    expect(idsOf(first)).toEqual([key('cc'), key('bb')]);
    const second = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([idsOf(second), second.nextCursor]).toEqual([[key('aa')], null]);
  });

  it('say what is left of a deposit, once the chain was read', async () => {
    const { items } = await list({ payer: PAYER });
    expect(items.map(({ id, leftAtomic, leftNanoUsd }) => [id, leftAtomic, leftNanoUsd])).toEqual([
      [key('bb'), '995000', '995000000'],
      [key('aa'), null, null],
    ]);
  });

  it('lead to their payments', async () => {
    const { providerId } = world;
    const page = await services.listPayments(harness.ctx, world.owner, { providerId, channel: key('aa') });
    expect(page.items.map(({ id }) => id)).toEqual(['pay_aa_25000', 'pay_aa_10000']);
  });

  it("are their provider's alone", async () => {
    const { providerId } = other;
    expect((await services.listChannels(harness.ctx, other.owner, { providerId })).items).toEqual([]);
    const asked = services.closeChannel(harness.ctx, other.owner, { providerId, channelKey: key('aa') });
    await expect(asked).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });
});

describe("a channel that pays beside a customer's key", () => {
  const ofOwner = (input: object = {}) =>
    services.listChannels(harness.ctx, world.customerViewer, { ...world.target, ...input });

  it('is its owner’s to see from the first such payment on, with its agent, and nobody else’s', async () => {
    const beside = { customerId: world.customerId, agentId: world.agentId, keyId: world.keyId };
    expect((await ofOwner()).items).toEqual([]);
    await pay('ee', 6, 5_000n);
    expect((await ofOwner()).items).toEqual([]);
    await pay('ee', 7, 10_000n, beside);
    await pay('ee', 8, 15_000n, { ...beside, customerId: null, agentId: null, keyId: null });
    const [channel, ...more] = (await ofOwner()).items;
    expect([channel, more]).toMatchObject([
      { id: key('ee'), customerId: world.customerId, agentId: world.agentId, spentNanoUsd: '15000000' },
      [],
    ]);
    expect(idsOf(await ofOwner({ agentId: world.agentId }))).toEqual([key('ee')]);
    expect(idsOf(await ofOwner({ agentId: makeId('agent', Date.now(), new Uint8Array(10)) }))).toEqual([]);
    expect(idsOf(await list({ customerId: world.customerId }))).toEqual([key('ee')]);
    expect((await list({ payer: OTHER_PAYER })).items[0]).toMatchObject({ customerId: null, agentId: null });
    const closes = services.closeChannel(harness.ctx, world.customerOwner, {
      ...{ providerId: world.providerId, channelKey: key('ee') },
    });
    await expect(closes).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });
});

describe('a channel that a person closes', () => {
  const close = () =>
    services.closeChannel(harness.ctx, world.owner, { providerId: world.providerId, channelKey: key('cc') });

  it('is closing, is what the worker looks at next, and is asked for once however often it is asked', async () => {
    const answers = await Promise.all([close(), close(), close()]);
    expect(answers.map(({ state }) => state)).toEqual(['closing', 'closing', 'closing']);
    const entries = await harness.owner.auditEntry.findMany({ where: { action: 'channel.close' } });
    expect(entries).toMatchObject([{ targetId: key('cc'), before: { state: 'open' }, after: { state: 'closing' } }]);
    const [next] = await services.lookAtChannels(harness.workerCtx);
    expect(next).toMatchObject({ isClosing: true, record: { channelKey: key('cc') } });
  });

  it('stays closed', async () => {
    const record = { providerId: world.providerId, channelKey: key('cc') } as never;
    await services.noteChannel(harness.workerCtx, record, { settledAtomic: 5_000n, transaction: '0xff' });
    expect(await close()).toMatchObject({ state: 'closed', transaction: '0xff', unsettledAtomic: '0' });
    expect(await harness.owner.auditEntry.count({ where: { action: 'channel.close' } })).toBe(1);
  });
});
