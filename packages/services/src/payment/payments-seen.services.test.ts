import type { InboxItem, PaymentCount, PaymentRecord } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { verifyStatement } from '@tollwright/protocols';
import {
  createWorld,
  openServicesHarness,
  paymentOf,
  type ServicesHarness,
  usageEventOf,
  type World,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as services from '../index.ts';

const AT = Date.UTC(2026, 10, 20, 10, 7);
const period = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
const iso = (offsetMs: number) => new Date(AT + offsetMs).toISOString();
const STRANGER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

let harness: ServicesHarness;
let world: World;
let other: World;
let sequence = 0;

beforeAll(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  await ingest(traffic());
});
afterAll(() => harness.close());

const tenant = () => ({
  ...{ providerId: world.providerId, customerId: world.customerId, apiId: world.apiId },
  ...{ routeIds: [world.routeId, world.routeId], agentIds: [world.agentId], keyIds: [world.keyId] },
});

function pay(paymentId: string, override: Partial<PaymentRecord> = {}): PaymentRecord {
  return paymentOf(tenant() as never, { paymentId, requestId: `req-${paymentId}`, payer: STRANGER, ...override });
}

function served({ paymentId, requestId }: PaymentRecord, status = 200): InboxItem {
  const none = { customerId: null, agentId: null, keyId: null };
  return {
    kind: 'usage',
    event: usageEventOf(tenant() as never, { ...none, rail: 'x402', paymentId, requestId, status }),
  };
}

function count(step: PaymentCount['step'], change: Partial<PaymentCount>): PaymentCount {
  return {
    ...{ apiId: world.apiId, livemode: true, bucketAt: '2026-11-20T10:00:00.000Z', step, rail: null, loss: null },
    ...{ count: 1, ...change },
  };
}

function traffic(): InboxItem[] {
  const { customerId, agentId, keyId } = world;
  const timed = (ms: number) => ({ verifiedAt: iso(0), settledAt: iso(ms) });
  const payments = {
    plain: pay('pay_plain', timed(40)),
    beside: pay('pay_beside', { ...timed(80), customerId, agentId, keyId }),
    own: pay('pay_own', { payer: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' }),
    card: pay('pay_card', { rail: 'stripe', network: 'stripe', asset: 'usd', payer: '', priceNanoUsd: nanoUsd(2n) }),
    back: pay('pay_back', { state: 'refunded', reason: 'upstream answered 503' }),
    poor: pay('pay_poor', { state: 'released', reason: 'insufficient_funds', transaction: null }),
    failed: pay('pay_failed', { state: 'failed', reason: 'authorization_canceled', transaction: null }),
    unknown: pay('pay_unknown', { state: 'unknown', reason: 'facilitator_status_500', occurredAt: iso(-60_000) }),
    settling: pay('pay_settling', { state: 'settling', transaction: null }),
  };
  const { plain, beside, own, card } = payments;
  return [
    ...Object.values(payments).map((payment) => ({ kind: 'payment', payment }) as const),
    ...[plain, beside, own, card].map((payment) => served(payment)),
    served(payments.back, 503),
    {
      kind: 'tally',
      tally: {
        ...{ schemaVersion: 1, providerId: world.providerId, gateway: 'gw-1' },
        counts: [
          count('asked', { count: 20 }),
          count('asked', { rail: 'x402', count: 20 }),
          count('asked', { rail: 'stripe', count: 12 }),
          count('refused', { rail: 'x402', loss: 'expired', count: 2 }),
          count('refused', { loss: 'unreadable' }),
        ],
      },
    },
    {
      kind: 'tally',
      tally: {
        ...{ schemaVersion: 1, providerId: world.providerId, gateway: 'gw-2' },
        counts: [count('asked', { count: 5 }), count('asked', { bucketAt: '2026-11-21T00:00:00.000Z', count: 7 })],
      },
    },
  ];
}

async function ingest(items: readonly InboxItem[]): Promise<void> {
  const numbered = items.map((item) => ({ sequence: ++sequence, item }));
  await harness.gatewayState.inbox.append('spl_seen', numbered);
  expect(await services.ingestSpool(harness.workerCtx, 'spl_seen')).toMatchObject({ kind: 'ingested', rejected: 0 });
}

const funnel = () => services.paymentFunnel(harness.ctx, world.owner, { providerId: world.providerId, ...period });

describe('the funnel', () => {
  it('counts what was asked, shown, paid and served, of all rails and of each', async () => {
    const { total, rails } = await funnel();
    expect(total).toMatchObject({ asked: 25, shown: 12, paid: 5, served: 4, underWay: 1 });
    expect(rails.map(({ rail, asked, shown, paid, served }) => [rail, asked, shown, paid, served])).toEqual([
      ['x402', 20, 10, 4, 3],
      ['stripe', 12, 1, 1, 1],
    ]);
  });

  it('says why, in words of a fixed set, and what was shown is what became of it', async () => {
    const { total } = await funnel();
    expect(total.losses).toEqual(
      expect.arrayContaining([
        { step: 'shown', loss: 'expired', count: 2 },
        { step: 'shown', loss: 'unreadable', count: 1 },
        { step: 'shown', loss: 'no-funds', count: 1 },
        { step: 'shown', loss: 'not-settled', count: 1 },
        { step: 'shown', loss: 'in-doubt', count: 1 },
        { step: 'paid', loss: 'not-served', count: 1 },
      ]),
    );
    const lost = (step: string) =>
      total.losses.filter((each) => each.step === step).reduce((sum, each) => sum + each.count, 0);
    expect(total.shown).toBe(total.paid + total.underWay + lost('shown'));
    expect(total.paid).toBe(total.served + lost('paid'));
  });

  it('times settlements that were timed, and no others', async () => {
    const { total } = await funnel();
    expect(total.settlement).toEqual({ count: 2, p50Ms: 60, p99Ms: expect.closeTo(79.6, 3) });
  });

  it('adds up what is not settled now, with its oldest', async () => {
    const { unsettled } = await funnel();
    expect(unsettled).toEqual([{ rail: 'x402', count: 2, amountNanoUsd: '20000000', oldestAt: iso(-60_000) }]);
  });

  it('adds a tally once, however often its spool is read', async () => {
    await services.ingestSpool(harness.workerCtx, 'spl_seen');
    expect((await funnel()).total.asked).toBe(25);
  });

  it("shows nothing of another provider's", async () => {
    const { total } = await services.paymentFunnel(harness.ctx, other.owner, {
      providerId: other.providerId,
      ...period,
    });
    expect(total).toMatchObject({ asked: 0, shown: 0, paid: 0, served: 0 });
  });
});

describe('payers', () => {
  const payers = (withoutOwn: boolean) =>
    services.listPayers(harness.ctx, world.owner, { providerId: world.providerId, ...period, withoutOwn });

  it('are listed by what they paid; the provider itself is marked, and can be left out of the sums', async () => {
    await services.setWallet(harness.ctx, world.owner, {
      ...{ providerId: world.providerId, network: 'eip155:8453' },
      payTo: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    });
    const all = await payers(false);
    expect(all.items.map(({ payer, payments, paidNanoUsd, isOwn }) => [payer, payments, paidNanoUsd, isOwn])).toEqual([
      [STRANGER.toLowerCase(), 3, '30000000', false],
      ['0x70997970c51812dc3a010c7d01b50e0d17dc79c8', 1, '10000000', true],
      ['', 1, '2', false],
    ]);
    expect(all.total).toMatchObject({ payments: 5, paidNanoUsd: '40000002' });
    const strangers = await payers(true);
    expect([strangers.payers, strangers.total.paidNanoUsd, strangers.own.paidNanoUsd]).toEqual([
      2,
      '30000002',
      '10000000',
    ]);
  });
});

describe('payments beside a key', () => {
  it("are the customer's to see, with a receipt; payments of strangers are not", async () => {
    const mine = await services.listPayments(harness.ctx, world.customerOwner, {
      ...world.target,
      agentId: world.agentId,
    });
    expect(mine.items.map(({ id, agentId }) => [id, agentId])).toEqual([['pay_beside', world.agentId]]);
    const open = (paymentId: string) =>
      services.getPayment(harness.ctx, world.customerOwner, { ...world.target, paymentId });
    expect(await open('pay_beside')).toMatchObject({ keyId: world.keyId, refundable: null });
    await expect(open('pay_plain')).rejects.toMatchObject({ problem: { slug: 'not-found' } });
    await expect(
      services.getReceipt(harness.ctx, world.customerOwner, { ...world.target, paymentId: 'pay_plain' }),
    ).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });

  it('have a receipt that its key verifies, until a character is changed', async () => {
    const { receipt, signature, key } = await services.getReceipt(harness.ctx, world.customerOwner, {
      ...world.target,
      paymentId: 'pay_beside',
    });
    expect(receipt).toMatchObject({
      ...{ paymentId: 'pay_beside', priceUsd: '0.01', amountAtomic: '10000', refundedAtomic: '0' },
      ...{ agentId: world.agentId, keyId: world.keyId, requestId: 'req-pay_beside' },
    });
    const { x = '' } = key;
    expect(verifyStatement(signature, { x })).toEqual(receipt);
    expect(verifyStatement(`${signature.slice(0, -4)}AAAA`, { x })).toBeNull();
  });

  it('have none before they are paid', async () => {
    const { providerId } = world;
    await expect(
      services.getReceipt(harness.ctx, world.owner, { providerId, paymentId: 'pay_failed' }),
    ).rejects.toMatchObject({ problem: { slug: 'conflict' } });
  });
});

describe('a refund by hand', () => {
  const shown = () =>
    services.getPayment(harness.ctx, world.owner, { providerId: world.providerId, paymentId: 'pay_plain' });

  it('can be of what is left, which the payment says, with whether a key is there that sends it', async () => {
    expect((await shown()).refundable).toEqual({ amountAtomic: '10000', amountNanoUsd: '10000000', hasKey: false });
    const { providerId } = world;
    await services.refundPayment(harness.ctx, world.owner, {
      ...{ providerId, paymentId: 'pay_plain', amountAtomic: '4000', reason: 'asked for' },
    });
    expect((await shown()).refundable).toMatchObject({ amountAtomic: '6000', amountNanoUsd: '6000000' });
    const entry = await harness.owner.auditEntry.findFirst({ where: { action: 'payment.refund' } });
    expect(entry).toMatchObject({ targetId: 'pay_plain' });
  });
});

describe('payments at Stripe', () => {
  const card = { rail: 'stripe', network: 'stripe', asset: 'usd', payer: '' } as const;
  const open = (paymentId: string) =>
    services.getPayment(harness.ctx, world.owner, { providerId: world.providerId, paymentId });

  it("link to the provider's dashboard by the mode of its key, for the provider alone", async () => {
    const { customerId, agentId, keyId } = world;
    const live = pay('pay_live', { ...card, transaction: 'pi_live' });
    const beside = { customerId, agentId, keyId, livemode: false };
    await ingest(
      [live, pay('pay_test', { ...card, ...beside, transaction: 'pi_test' })].map((payment) => {
        return { kind: 'payment', payment };
      }),
    );
    expect((await open('pay_live')).dashboardUrl).toBe('https://dashboard.stripe.com/payments/pi_live');
    expect((await open('pay_test')).dashboardUrl).toBe('https://dashboard.stripe.com/test/payments/pi_test');
    expect((await open('pay_plain')).dashboardUrl).toBeNull();
    const own = await services.getPayment(harness.ctx, world.customerOwner, { ...world.target, paymentId: 'pay_test' });
    expect([own.transaction, own.dashboardUrl]).toEqual(['pi_test', null]);
  });

  it('have their tax in the record and in the receipt', async () => {
    const tax = { kind: 'calculated', amountAtomic: '19', calculation: 'taxcalc_1' } as const;
    await ingest([{ kind: 'payment', payment: pay('pay_taxed', { ...card, transaction: 'pi_taxed', tax }) }]);
    expect((await open('pay_taxed')).tax).toEqual(tax);
    const { receipt } = await services.getReceipt(harness.ctx, world.owner, {
      ...{ providerId: world.providerId, paymentId: 'pay_taxed' },
    });
    expect(receipt.taxAtomic).toBe('19');
  });

  it('that lost their tax are an incident, once, however often they are stored', async () => {
    const tax = { kind: 'missing', reason: 'stripe_api_error' } as const;
    const payment = pay('pay_untaxed', { ...card, transaction: 'pi_untaxed', tax });
    await ingest([{ kind: 'payment', payment }]);
    await services.recordPayment(harness.workerCtx, { ...payment, version: payment.version + 1, state: 'refunding' });
    const { items } = await services.listIncidents(harness.ctx, world.owner, { providerId: world.providerId });
    const found = items.flatMap((incident) => (incident.kind === 'untaxed-payment' ? [incident.detail] : []));
    expect(found).toMatchObject([{ paymentId: 'pay_untaxed', transaction: 'pi_untaxed', reason: 'stripe_api_error' }]);
  });
});
