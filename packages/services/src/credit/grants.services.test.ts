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
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { checkLedger } from '../ledger/check.ts';
import { recordPayment } from '../payment/record.ts';
import { endRefund } from '../refund/end.ts';
import { refundPayment } from '../refund/request.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { creditBalanceAt } from './balance-at.ts';
import { expireCredit } from './expire.ts';
import { grantCredit } from './grant.ts';
import { listCreditBalances } from './list-balances.ts';
import { listCreditGrants } from './list-grants.ts';
import { EXPIRY_WARNING_MS, warnOfExpiry } from './warn-of-expiry.ts';

const USD = 1_000_000_000n;
const DAY_MS = 86_400_000;
const SPOOL = 'spl_grants';

/** A running call of a balance: settled, it is charged; released, it never was. */
interface Running {
  settle(amount: bigint): Promise<void>;
  release(): Promise<void>;
}

describe('grants of credit', () => {
  let harness: ServicesHarness;
  let acme: World;
  let node: string;
  /** What its plan's fee had posted before. */
  let before: ReadonlyMap<string, bigint>;
  let worlds = 0;
  let sequence = 0;
  let calls = 0;
  beforeAll(async () => {
    harness = await openServicesHarness();
    await harness.gatewayState.spools.register({ spoolId: SPOOL, bootId: 'b', host: 'h', url: 'u' });
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    worlds += 1;
    acme = await createWorld(harness, `acme-${worlds}`);
    node = creditNodeOf(acme.customerId, true);
    before = await sums();
  });

  const clockAt = (atMs: number): ServiceContext => ({ ...harness.workerCtx, clock: () => atMs });
  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
  type Terms = Partial<Parameters<typeof grantCredit>[2]>;
  const give = (amount: bigint, terms: Terms = {}) => {
    const { providerId, customerId } = acme;
    const what = { providerId, customerId, amountNanoUsd: `${amount}`, reason: 'a gift' };
    return grantCredit(harness.ctx, acme.owner, { ...what, ...terms });
  };
  const left = async () => {
    const { items } = await listCreditGrants(harness.ctx, acme.customerViewer, acme.target);
    return Object.fromEntries(
      items.map(({ id, leftNanoUsd }) => [id, leftNanoUsd === null ? null : BigInt(leftNanoUsd)]),
    );
  };
  const limit = async () => (await harness.gatewayState.directory.findKey(keyHash(acme.key)))?.key.credit?.limitNanoUsd;
  const sums = async () => {
    const rows = await harness.owner.ledgerPosting.findMany({
      where: { providerId: acme.providerId },
      include: { account: true },
    });
    const found = new Map<string, bigint>();
    for (const { account, amountNanoUsd } of rows)
      found.set(account.kind, (found.get(account.kind) ?? 0n) + amountNanoUsd);
    return found;
  };
  const ofCustomer = async () => {
    const moved = [...(await sums())].map(([kind, sum]) => [kind, sum - (before.get(kind) ?? 0n)] as const);
    return Object.fromEntries(moved.filter(([, amount]) => amount !== 0n));
  };
  const eventOf = (eventId: string, amount: bigint, occurredAt = new Date().toISOString(), from = node) =>
    worldEventOf(acme, {
      ...{ eventId, occurredAt, chargedNanoUsd: nanoUsd(amount) },
      charges: [{ node: from, periodId: 'total', amount }],
    });
  const store = async (...events: ReturnType<typeof eventOf>[]) => {
    const items = events.map((event) => {
      sequence += 1;
      return { sequence, item: { kind: 'usage' as const, event } };
    });
    await harness.gatewayState.inbox.append(SPOOL, items);
    await ingestSpool(harness.workerCtx, SPOOL);
  };

  /** Reserves so much of the balance, as a gateway does. */
  async function start(amount: bigint): Promise<Running> {
    const { counters, epochs } = harness.gatewayState;
    const { epoch } = await epochs.current();
    calls += 1;
    const callId = `evt-run-${calls}`;
    const spoolId = `spl_run_${calls}`;
    await harness.gatewayState.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
    const batcher = createBatcher({ counters, spoolId, epoch });
    const tag = `c:${acme.customerId}`;
    const reply = await batcher.reserve(tag, {
      ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000, reason: 'a call' },
      nodes: [{ node, kind: 'budget', period: 'total', limit: (await limit()) ?? 0n, amount }],
    });
    expect(reply.kind).toBe('granted');
    return {
      async settle(charged) {
        await batcher.settle(tag, { kind: 'settle', callId, charges: { [node]: charged } });
        batcher.stop();
        await store(eventOf(callId, charged));
      },
      async release() {
        await batcher.settle(tag, { kind: 'settle', callId, charges: { [node]: 0n } });
        batcher.stop();
      },
    };
  }
  /** A call from its reservation to the books. */
  const call = async (amount: bigint) => (await start(amount)).settle(amount);
  const booksAddUp = async () => expect(await checkLedger(harness.workerCtx)).toEqual([]);

  it('are burnt in their order, and each account posts what its grants paid', async () => {
    const paid = await give(2n * USD, { kind: 'paid' });
    const gift = await give(2n * USD);
    const soon = await give(2n * USD, { kind: 'paid', expiresAt: inDays(3) });
    const first = await give(USD, { priority: 0, expiresAt: inDays(30) });
    expect(first).toMatchObject({ kind: 'promotional', priority: 0, leftNanoUsd: `${USD}` });
    const [balance] = (await listCreditBalances(harness.ctx, acme.customerViewer, acme.target)).items;
    expect(balance?.grants.map(({ id }) => id)).toEqual([first.id, soon.id, gift.id, paid.id]);
    await store(eventOf('evt-a', 2n * USD), eventOf('evt-b', 2n * USD));
    expect(await left()).toEqual({ [paid.id]: 2n * USD, [gift.id]: USD, [soon.id]: 0n, [first.id]: 0n });
    expect(await ofCustomer()).toEqual({
      ...{ clearing_manual: 4n * USD, grants: 3n * USD, credits: -2n * USD, promotional: -USD, revenue: -4n * USD },
    });
    await store(eventOf('evt-a', 2n * USD), eventOf('evt-b', 2n * USD));
    expect((await left())[gift.id]).toBe(USD);
    await booksAddUp();
  });

  it('are burnt once by calls of many gateways that are stored at once', async () => {
    for (let at = 0; at < 4; at += 1) await give(5n * USD, { kind: at % 2 === 0 ? 'paid' : 'promotional' });
    const spools = ['spl_one', 'spl_two', 'spl_three'];
    for (const spoolId of spools) {
      await harness.gatewayState.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
      const items = Array.from({ length: 40 }, (_, at) => ({
        sequence: at + 1,
        item: { kind: 'usage' as const, event: eventOf(`${spoolId}-${at}`, USD / 8n) },
      }));
      await harness.gatewayState.inbox.append(spoolId, items);
    }
    const turns = spools.flatMap((spoolId) => [spoolId, spoolId]);
    await Promise.all(turns.map((spoolId) => ingestSpool(harness.workerCtx, spoolId, { itemsMax: 7 })));
    for (const spoolId of spools) while ((await ingestSpool(harness.workerCtx, spoolId)).kind !== 'idle');
    const amounts = Object.values(await left()).reduce((sum: bigint, one) => sum + (one ?? 0n), 0n);
    expect(amounts).toBe(5n * USD);
    await booksAddUp();
  });

  it('that have expired are taken out once, but what calls hold; the gateway hears of it', async () => {
    const given = await give(5n * USD, { expiresAt: inDays(1) });
    await give(USD, { kind: 'paid' });
    await call(USD);
    const running = await start(3n * USD);
    const later = clockAt(Date.now() + 2 * DAY_MS);
    const turns = await Promise.all([expireCredit(later), expireCredit(later)]);
    expect(turns.map(({ grants }) => grants).sort()).toEqual([0, 1]);
    expect(await limit()).toBe(5n * USD);
    expect((await left())[given.id]).toBe(3n * USD);
    await running.settle(2n * USD);
    expect((await left())[given.id]).toBe(USD);
    expect(await expireCredit(later)).toEqual({ grants: 1, waiting: 0 });
    expect(await expireCredit(later)).toEqual({ grants: 0, waiting: 0 });
    expect(await limit()).toBe(4n * USD);
    expect(await ofCustomer()).toEqual({
      ...{ clearing_manual: USD, credits: -USD, grants: 3n * USD, revenue: -3n * USD },
    });
    const outbox = await harness.owner.outboxMessage.findMany({ where: { providerId: acme.providerId } });
    const told = outbox.filter(({ payload }) => JSON.stringify(payload).includes('credit.expired'));
    expect(told).toHaveLength(2);
    await booksAddUp();
  });

  it('that were paid for and expire are breakage', async () => {
    await give(3n * USD, { kind: 'paid', expiresAt: inDays(1) });
    await call(USD);
    await expireCredit(clockAt(Date.now() + 2 * DAY_MS));
    expect(await ofCustomer()).toEqual({ clearing_manual: 3n * USD, revenue: -USD, breakage: -2n * USD });
    await booksAddUp();
  });

  it('that have expired wait while nobody can tell what calls hold', async () => {
    await give(3n * USD, { expiresAt: inDays(1) });
    // Stored, and not counted: the store was lost.
    await store(eventOf('evt-uncounted', USD));
    expect(await expireCredit(clockAt(Date.now() + 2 * DAY_MS))).toEqual({ grants: 0, waiting: 1 });
    await booksAddUp();
  });

  it('that have expired pay what gateways still let pass, and only when nothing else is left', async () => {
    const given = await give(2n * USD, { expiresAt: inDays(1), priority: 0 });
    const paid = await give(2n * USD, { kind: 'paid' });
    await store(eventOf('evt-late', 3n * USD, inDays(2)));
    expect(await left()).toEqual({ [given.id]: USD, [paid.id]: 0n });
    await booksAddUp();
  });

  it('that come after a balance was overdrawn pay that first', async () => {
    await store(eventOf('evt-over', 2n * USD));
    expect(await ofCustomer()).toEqual({ credits: 2n * USD, revenue: -2n * USD });
    await booksAddUp();
    const gift = await give(5n * USD);
    await store(eventOf('evt-next', USD));
    expect((await left())[gift.id]).toBe(2n * USD);
    expect(await ofCustomer()).toEqual({ grants: 5n * USD, promotional: -2n * USD, revenue: -3n * USD });
    await booksAddUp();
  });

  it('are taken back by kind, never what calls hold', async () => {
    await give(2n * USD, { kind: 'paid' });
    await give(2n * USD);
    const running = await start(USD);
    await expect(give(-2n * USD, { kind: 'promotional' })).rejects.toMatchObject({ problem: { slug: 'conflict' } });
    await give(-USD, { kind: 'promotional' });
    await give(-USD, { kind: 'paid' });
    await running.release();
    await give(-2n * USD);
    expect(await ofCustomer()).toEqual({ clearing_manual: USD, grants: -USD });
    await booksAddUp();
  });

  it('are refused with an expiry that has passed, or terms on what is taken back', async () => {
    for (const [amount, terms] of [
      [USD, { expiresAt: inDays(-1) }],
      [-USD, { expiresAt: inDays(1) }],
      [-USD, { priority: 1 }],
      [USD, { priority: 101 }],
    ] as const)
      await expect(give(amount, terms)).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('of a payment go back with it, and nothing that was given goes with them', async () => {
    const { providerId, customerId, apiId } = acme;
    const pair = (id: string) => [id, id] as const;
    const ids = { agentIds: pair(acme.agentId), keyIds: pair(acme.keyId), routeIds: pair(acme.routeId) };
    const paymentId = `pay-${acme.customerId}`;
    const topUp = { customerId, agentId: null, creditNanoUsd: nanoUsd(5n * USD) };
    const payment = paymentOf(
      { providerId, customerId, apiId, ...ids },
      { paymentId, claimKey: paymentId, priceNanoUsd: nanoUsd(5n * USD), amountAtomic: '5000000', topUp },
    );
    await recordPayment(harness.workerCtx, payment);
    const gift = await give(3n * USD, { priority: 90 });
    await call(USD);
    const refund = await refundPayment(harness.ctx, acme.owner, { providerId, paymentId, reason: 'asked for' });
    expect((await left())[gift.id]).toBe(3n * USD);
    expect(await limit()).toBe(4n * USD);
    await booksAddUp();
    const [now] = (await creditBalanceAt(harness.ctx, acme.customerViewer, acme.target)).items;
    expect(now).toMatchObject({ paidNanoUsd: `${4n * USD}`, promotionalNanoUsd: `${3n * USD}` });
    expect(now?.now).toEqual({ pendingNanoUsd: `${4n * USD}`, availableNanoUsd: `${3n * USD}` });
    const due = { refundId: refund.id, payment, amountAtomic: 5_000_000n, signed: null };
    await endRefund(harness.workerCtx, due, { kind: 'refunded', transaction: '0x1' });
    await booksAddUp();
  });

  it('are a balance at any past moment, and now with what is pending', async () => {
    await give(5n * USD, { kind: 'paid' });
    await give(USD);
    const between = new Date(Date.now() + 10).toISOString();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await call(2n * USD);
    const running = await start(3n * USD);
    const at = async (moment?: string) => {
      const target = { ...acme.target, ...(moment === undefined ? {} : { at: moment }) };
      return (await creditBalanceAt(harness.ctx, acme.customerViewer, target)).items;
    };
    expect(await at(inDays(-1))).toEqual([]);
    expect(await at(between)).toMatchObject([
      {
        livemode: true,
        paidNanoUsd: `${5n * USD}`,
        promotionalNanoUsd: `${USD}`,
        postedNanoUsd: `${6n * USD}`,
        now: null,
      },
    ]);
    expect(await at()).toMatchObject([
      {
        ...{ paidNanoUsd: `${4n * USD}`, promotionalNanoUsd: '0', postedNanoUsd: `${4n * USD}` },
        now: { pendingNanoUsd: `${3n * USD}`, availableNanoUsd: `${USD}` },
      },
    ]);
    await running.release();
    await expect(at(inDays(1))).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('are told of once before they expire, to webhooks and owners', async () => {
    const grant = await give(2n * USD, { expiresAt: inDays(10) });
    const at = async (days: number) => warnOfExpiry(clockAt(Date.now() + days * DAY_MS));
    const mine = async () => {
      const outbox = await harness.owner.outboxMessage.findMany({ where: { providerId: acme.providerId } });
      return outbox.filter(({ payload }) => JSON.stringify(payload).includes('expir'));
    };
    expect(EXPIRY_WARNING_MS).toBe(7 * DAY_MS);
    await at(2);
    expect(await mine()).toHaveLength(0);
    await Promise.all([at(4), at(4)]);
    await at(5);
    const told = (await mine()).map(({ payload }) => JSON.stringify(payload));
    expect(told.filter((text) => text.includes('credit.expiring') && text.includes(grant.id))).toHaveLength(1);
    expect(told.filter((text) => text.includes('"mail"')).length).toBeGreaterThan(0);
  });
});
