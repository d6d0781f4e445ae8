import type { PaymentRecord } from '@tollwright/contracts';
import { creditNodeOf, nanoUsd } from '@tollwright/core';
import { createBatcher, keyHash } from '@tollwright/state';
import {
  createWorld,
  openServicesHarness,
  paymentOf,
  type ServicesHarness,
  type World,
  worldEventOf,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepEpoch } from '../epoch/keep-epoch.ts';
import { type LossStage, openLossStage, STORES } from '../epoch/stores-harness.ts';
import { listIncidents } from '../incident/list.ts';
import { checkLedger } from '../ledger/check.ts';
import { recordPayment } from '../payment/record.ts';
import { endRefund } from '../refund/end.ts';
import { refundPayment } from '../refund/request.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { grantCredit } from './grant.ts';
import { listCreditBalances } from './list-balances.ts';
import { listCreditGrants } from './list-grants.ts';

const USD = 1_000_000_000n;

/** A settled payment of a world's customer for credit: 5 USD for 6. */
function topUpOf(world: World, paymentId: string, change: Partial<PaymentRecord> = {}): PaymentRecord {
  const { providerId, customerId, apiId } = world;
  const pair = (id: string) => [id, id] as const;
  const ids = { agentIds: pair(world.agentId), keyIds: pair(world.keyId), routeIds: pair(world.routeId) };
  const topUp = { customerId, agentId: null, creditNanoUsd: nanoUsd(6n * USD) };
  return paymentOf(
    { providerId, customerId, apiId, ...ids },
    { paymentId, claimKey: paymentId, priceNanoUsd: nanoUsd(5n * USD), topUp, ...change },
  );
}

describe('credit', () => {
  let harness: ServicesHarness;
  let acme: World;
  let other: World;
  beforeAll(async () => {
    harness = await openServicesHarness();
    acme = await createWorld(harness, 'acme');
    other = await createWorld(harness, 'other');
  });
  afterAll(() => harness.close());

  const published = async () => {
    const found = await harness.gatewayState.directory.findKey(keyHash(acme.key));
    return { credit: found?.key.credit, payments: found?.customer.creditedPayments };
  };
  const balances = async () => (await listCreditBalances(harness.ctx, acme.customerViewer, acme.target)).items;
  const posted = async (reference: string) => {
    const rows = await harness.owner.ledgerPosting.findMany({
      where: { transfer: { reference } },
      include: { account: true },
    });
    return Object.fromEntries(rows.map(({ account, amountNanoUsd }) => [account.kind, amountNanoUsd]));
  };

  /** A call of the other world's customer that is charged so much of a balance. */
  async function draw(node: string, amount: bigint): Promise<void> {
    const { counters, epochs, spools } = harness.gatewayState;
    await spools.register({ spoolId: 'spl_draw', bootId: 'b', host: 'h', url: 'u' });
    const { epoch } = await epochs.current();
    const batcher = createBatcher({ counters, spoolId: 'spl_draw', epoch });
    const tag = `c:${other.customerId}`;
    const reply = await batcher.reserve(tag, {
      ...{ kind: 'reserve', callId: 'evt-draw', versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000 },
      ...{ reason: 'a call', nodes: [{ node, kind: 'budget', period: 'total', limit: 6n * USD, amount }] },
    });
    expect(reply.kind).toBe('granted');
    await batcher.settle(tag, { kind: 'settle', callId: 'evt-draw', charges: { [node]: amount } });
    batcher.stop();
  }

  it('is granted once for a payment, however often and by whomever it is stored, and is in force then', async () => {
    const payment = topUpOf(acme, 'pay-top-up');
    const { inbox, spools } = harness.gatewayState;
    await spools.register({ spoolId: 'spl_top', bootId: 'b', host: 'h', url: 'u' });
    await inbox.append('spl_top', [
      { sequence: 1, item: { kind: 'payment', payment: { ...payment, version: 4, state: 'settling' } } },
      { sequence: 2, item: { kind: 'payment', payment } },
    ]);
    expect(await published()).toEqual({ credit: undefined, payments: undefined });
    await Promise.all([
      ingestSpool(harness.workerCtx, 'spl_top'),
      recordPayment(harness.workerCtx, payment),
      recordPayment(harness.workerCtx, { ...payment, version: payment.version + 1 }),
    ]);
    expect(await published()).toEqual({
      credit: { node: creditNodeOf(acme.customerId, true), limitNanoUsd: 6n * USD },
      payments: ['pay-top-up'],
    });
    const { items } = await listCreditGrants(harness.ctx, acme.customerOwner, acme.target);
    expect(items).toMatchObject([
      { source: 'payment', amountNanoUsd: String(6n * USD), paidNanoUsd: String(5n * USD), paymentId: 'pay-top-up' },
    ]);
    expect(await posted('payment:pay-top-up')).toEqual({
      ...{ clearing_x402: 5n * USD, credits: -6n * USD, grants: USD },
    });
  });

  it('is not granted for a payment that did not settle', async () => {
    await recordPayment(harness.workerCtx, topUpOf(acme, 'pay-failed', { state: 'failed' }));
    expect((await balances())[0]?.paidInNanoUsd).toBe(String(6n * USD));
  });

  it('is drawn by calls, which post what was paid before instead of what is owed', async () => {
    const { inbox } = harness.gatewayState;
    const charges = [{ node: creditNodeOf(acme.customerId, true), periodId: 'total', amount: USD }];
    const event = worldEventOf(acme, { eventId: 'evt-drawn', charges, chargedNanoUsd: nanoUsd(USD) });
    await inbox.append('spl_top', [{ sequence: 3, item: { kind: 'usage', event } }]);
    await ingestSpool(harness.workerCtx, 'spl_top');
    expect(await posted('event:evt-drawn')).toEqual({ credits: USD, revenue: -USD });
  });

  it('is given and taken back by the provider alone, never more than is left', async () => {
    const { providerId, customerId } = acme;
    const grant = (amount: bigint) =>
      grantCredit(harness.ctx, acme.owner, { providerId, customerId, amountNanoUsd: `${amount}`, reason: 'a gift' });
    expect(await grant(4n * USD)).toMatchObject({ source: 'manual', grantedBy: `user:${acme.owner.userId}` });
    expect((await published()).credit?.limitNanoUsd).toBe(10n * USD);
    await grant(-9n * USD);
    expect((await published()).credit?.limitNanoUsd).toBe(USD);
    await expect(grant(-2n * USD)).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    await expect(grant(0n)).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
    await expect(grant(9_000_000n * USD)).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it("of an agent is that agent's alone, and foreign agents have none", async () => {
    const { providerId, customerId, agentId } = acme;
    const gift = { providerId, customerId, amountNanoUsd: `${2n * USD}`, reason: 'its own' };
    await grantCredit(harness.ctx, acme.owner, { ...gift, agentId });
    expect((await published()).credit).toEqual({ node: creditNodeOf(agentId, true), limitNanoUsd: 2n * USD });
    expect(await balances()).toMatchObject([
      { agentId: null, paidInNanoUsd: `${USD}`, now: { remainingNanoUsd: `${USD}` } },
      { agentId, agentName: 'agent-alpha', paidInNanoUsd: `${2n * USD}` },
    ]);
    await expect(grantCredit(harness.ctx, acme.owner, { ...gift, agentId: other.agentId })).rejects.toMatchObject({
      problem: { slug: 'not-found' },
    });
  });

  it('of test payments buys no live call', async () => {
    await recordPayment(harness.workerCtx, topUpOf(acme, 'pay-test', { livemode: false }));
    expect((await published()).credit).toEqual({ node: creditNodeOf(acme.agentId, true), limitNanoUsd: 2n * USD });
  });

  it('that was drawn is not taken back with its payment: what is missing is an incident', async () => {
    const { ctx, workerCtx, gatewayState } = harness;
    const { providerId, customerId } = other;
    const node = creditNodeOf(customerId, true);
    const payment = topUpOf(other, 'pay-back', { amountAtomic: '5000000' });
    await recordPayment(workerCtx, payment);
    await draw(node, 4n * USD);
    const refund = await refundPayment(ctx, other.owner, { providerId, paymentId: 'pay-back', reason: 'asked for' });
    const key = () => gatewayState.directory.findKey(keyHash(other.key));
    expect((await key())?.key.credit).toEqual({ node, limitNanoUsd: 4n * USD });
    const due = { refundId: refund.id, payment, amountAtomic: 5_000_000n, signed: null };
    for (let turn = 0; turn < 2; turn += 1) await endRefund(workerCtx, due, { kind: 'refunded', transaction: '0x1' });
    expect(await posted(`refund:${refund.id}`)).toEqual({
      ...{ clearing_x402: -5n * USD, credits: 2n * USD, refunds: 3n * USD },
    });
    const { items } = await listIncidents(ctx, other.viewer, { providerId });
    expect(items).toMatchObject([
      { kind: 'overdrawn-credit', customerId, detail: { paymentId: 'pay-back', missingNanoUsd: `${4n * USD}` } },
    ]);
  });

  it('comes back where its payment could not be sent back', async () => {
    const { ctx, workerCtx } = harness;
    const { providerId } = other;
    const payment = topUpOf(other, 'pay-stays', { amountAtomic: '5000000' });
    await recordPayment(workerCtx, payment);
    const half = { providerId, paymentId: 'pay-stays', amountAtomic: '2500000', reason: 'half of it' };
    const refund = await refundPayment(ctx, other.owner, half);
    const due = { refundId: refund.id, payment, amountAtomic: 2_500_000n, signed: null };
    for (let turn = 0; turn < 2; turn += 1) await endRefund(workerCtx, due, { kind: 'failed', reason: 'no gas' });
    const { items } = await listCreditGrants(ctx, other.customerOwner, other.target);
    const amounts = items.filter(({ paymentId }) => paymentId === 'pay-stays').map((row) => BigInt(row.amountNanoUsd));
    expect(amounts.sort((a, b) => Number(a - b))).toEqual([-3n * USD, 3n * USD, 6n * USD]);
  });

  it('leaves books that add up, and rows that nobody alters', async () => {
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
    await expect(harness.owner.$executeRaw`UPDATE credit_grant SET amount_nano_usd = 1`).rejects.toThrow(/append-only/);
  });
});

describe.each(STORES)('credit on %s', (_, openStore) => {
  let stage: LossStage;
  beforeAll(async () => {
    stage = await openLossStage(openStore);
  });
  afterAll(() => stage?.close());

  it('is drawn as far as before, once a store that was lost is restored', async () => {
    const { acme, ctx, store, tag } = stage;
    const node = creditNodeOf(acme.customerId, true);
    const charges = [{ node, periodId: 'total', amount: 30n }];
    const events = ['evt-a', 'evt-b'].map((eventId, at) => ({
      sequence: at + 1,
      item: { kind: 'usage' as const, event: worldEventOf(acme, { eventId, charges }) },
    }));
    await store.state.spools.register({ spoolId: 'spl_credit', bootId: 'b', host: 'h', url: 'u' });
    await store.state.inbox.append('spl_credit', events);
    await ingestSpool(ctx, 'spl_credit');
    await store.own.spools.close('spl_credit');
    const { epoch } = await store.own.epochs.current();
    await store.own.epochs.raise(epoch, 'lost');
    for (let turn = 0; turn < 3; turn += 1) await keepEpoch(ctx);
    expect((await store.own.epochs.current()).kind).toBe('open');
    expect(await store.own.counters.read(tag)).toMatchObject([{ node, period: 'total', spent: 60n, held: 0n }]);
  });
});
