import type { RatedEventLine, UsageEvent } from '@tollwright/contracts';
import { cycleAt, nanoUsd } from '@tollwright/core';
import {
  createWorld,
  openServicesHarness,
  type ServicesHarness,
  termsOf,
  usageEventOf,
  type World,
} from '@tollwright/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getInvoice } from '../invoice/get.ts';
import { listInvoices } from '../invoice/list.ts';
import { creditInvoice, payInvoice, voidInvoice } from '../invoice/settle.ts';
import { upcomingInvoice } from '../invoice/upcoming.ts';
import { checkLedger } from '../ledger/check.ts';
import { createPlan } from '../plan/create.ts';
import { publishPlan } from '../plan/publish.ts';
import { endSubscription } from '../subscription/end.ts';
import { moveSubscription } from '../subscription/move.ts';
import { subscribe } from '../subscription/subscribe.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { advanceBilling } from './advance.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FEE = 20_000_000_000n;
/** More than a round waits for transactions that are open. */
const SOON_MS = 60_000;

let harness: ServicesHarness;
let world: World;
let anchorMs: number;
let sequence: number;

beforeEach(async () => {
  harness = await openServicesHarness();
  world = await createWorld(harness, 'acme');
  const { startedAt } = await harness.owner.subscription.findFirstOrThrow({ where: world.target });
  anchorMs = startedAt.getTime();
  sequence = 0;
});
afterEach(() => harness.close());

const now = () => harness.workerCtx.clock();
const cycle = (index: number) => {
  let found = cycleAt('month', anchorMs, anchorMs);
  for (let at = 0; at < index; at++) found = cycleAt('month', anchorMs, found.endsAtMs);
  return found;
};
const moveTo = (atMs: number) => harness.advance(atMs - now());
const invoices = async () => {
  const { items } = await listInvoices(harness.ctx, world.owner, { providerId: world.providerId });
  return items.toReversed();
};
const invoice = async (index: number) => {
  const { providerId } = world;
  return getInvoice(harness.ctx, world.owner, { providerId, invoiceId: (await invoices())[index]?.id ?? '' });
};

/** The worker has heard of every call before a moment. */
async function storedUntil(atMs: number): Promise<void> {
  const at = new Date(atMs + HOUR_MS);
  const survey = { sinceAt: new Date(0), lookedAt: at, notedAt: at };
  await harness.owner.spoolSurvey.upsert({
    where: { id: 'survey' },
    create: { id: 'survey', ...survey },
    update: survey,
  });
  await harness.owner.spoolWatermark.updateMany({ data: { closedAt: at } });
}

/** A call at a moment, which the plan charges for tokens. */
async function call(atMs: number, tokens: bigint, more: Partial<UsageEvent> = {}): Promise<void> {
  const { providerId, customerId, agentId, keyId, apiId, routeId, planVersionId } = world;
  sequence++;
  const amountNanoUsd = nanoUsd(tokens * 2_500n);
  const line: RatedEventLine = {
    rateCardKey: 'input',
    meter: 'input_tokens',
    model: 'small-1',
    quantity: tokens,
    amountNanoUsd,
  };
  const spoolId = 'spl_billing';
  const event: UsageEvent = {
    ...usageEventOf({
      providerId,
      customerId,
      apiId,
      agentIds: [agentId, agentId],
      keyIds: [keyId, keyId],
      routeIds: [routeId, routeId],
    }),
    ...{ eventId: `call-${sequence}`, requestId: `req_${sequence}`, planVersionId, lines: [line] },
    ...{ ratedNanoUsd: amountNanoUsd, chargedNanoUsd: amountNanoUsd, occurredAt: new Date(atMs).toISOString() },
    ...more,
  };
  await harness.gatewayState.inbox.append(spoolId, [{ sequence, item: { kind: 'usage', event } }]);
  await ingestSpool(harness.workerCtx, spoolId);
}

/** What the ledger says that the customer owes. */
async function receivable(): Promise<bigint> {
  const rows = await harness.owner.$queryRaw<
    { total: bigint }[]
  >`SELECT coalesce(sum(p.amount_nano_usd), 0)::bigint AS total
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
    WHERE a.customer_id = ${world.customerId} AND a.kind = 'receivable'`;
  return rows[0]?.total ?? 0n;
}

async function planOf(key: string, feeUsd: bigint, term: 'in-advance' | 'in-arrears' = 'in-advance') {
  const { ctx } = harness;
  const { providerId } = world;
  const terms = termsOf((feeUsd * 1_000_000_000n).toString());
  const rateCards = terms.rateCards.map((card) =>
    card.price.kind === 'flat' ? { ...card, price: { ...card.price, paymentTerm: term } } : card,
  );
  const made = await createPlan(ctx, world.owner, { providerId, key, name: key, terms: { ...terms, rateCards } });
  await publishPlan(ctx, world.owner, { providerId, planVersionId: made.versions[0]?.id ?? '' });
  return made.id;
}

describe('a subscription', () => {
  it('has its fee on an invoice at once, and only once', async () => {
    harness.advance(SOON_MS);
    expect(await advanceBilling(harness.workerCtx)).toEqual({ customers: 0, invoices: 0 });
    expect(await invoices()).toHaveLength(1);
    expect(await invoice(0)).toMatchObject({
      ...{ number: 'ACME-000001', reason: 'fee', state: 'open', totalNanoUsd: `${FEE}`, dueNanoUsd: `${FEE}` },
      lines: [{ kind: 'fee', description: 'Pro', amountNanoUsd: `${FEE}` }],
    });
  });

  it('that moves up pays the difference for the rest of the cycle, and nothing for going back and forth', async () => {
    const { ctx } = harness;
    const more = await planOf('more', 50n);
    const { startsAtMs, endsAtMs } = cycle(0);
    moveTo((startsAtMs + endsAtMs) / 2);
    for (const planId of [more, world.planId, more])
      await moveSubscription(ctx, world.customerOwner, { ...world.target, planId });
    harness.advance(SOON_MS);
    await advanceBilling(harness.workerCtx);
    const [upgrade] = (await invoice(1)).lines;
    const due = Number(upgrade?.amountNanoUsd);
    expect(due).toBeGreaterThan(14_990_000_000);
    expect(due).toBeLessThanOrEqual(15_000_000_000);
    expect(await invoices()).toHaveLength(2);
  });

  it('that begins again in a cycle that was paid for pays nothing again', async () => {
    const { ctx } = harness;
    harness.advance(HOUR_MS);
    await endSubscription(ctx, world.customerOwner, world.target);
    await subscribe(ctx, world.customerOwner, { ...world.target, planId: world.planId });
    harness.advance(SOON_MS);
    await advanceBilling(harness.workerCtx);
    expect((await invoices()).map(({ totalNanoUsd }) => totalNanoUsd)).toEqual([`${FEE}`]);
    expect(await receivable()).toBe(FEE + 300_000n);
  });

  it('with a fee in arrears owes it at the end, for the time that it ran', async () => {
    const arrears = await planOf('arrears', 30n, 'in-arrears');
    const { startsAtMs, endsAtMs } = cycle(0);
    await endSubscription(harness.ctx, world.customerOwner, world.target);
    moveTo(startsAtMs + (endsAtMs - startsAtMs) / 2);
    await subscribe(harness.ctx, world.customerOwner, { ...world.target, planId: arrears });
    moveTo(endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    const fees = (await invoices()).length;
    const { lines } = await invoice(fees - 1);
    const fee = lines.find(({ description }) => description === 'arrears');
    expect(Number(fee?.amountNanoUsd)).toBeGreaterThan(14_990_000_000);
    expect(Number(fee?.amountNanoUsd)).toBeLessThanOrEqual(15_000_000_000);
  });
});

describe('a fee in arrears', () => {
  it('is owed for the time on its plan, by who leaves it just before the end too', async () => {
    const { ctx } = harness;
    const arrears = await planOf('arrears', 30n, 'in-arrears');
    const none = await planOf('none', 0n);
    const { startsAtMs, endsAtMs } = cycle(0);
    await moveSubscription(ctx, world.customerOwner, { ...world.target, planId: arrears });
    moveTo((startsAtMs + endsAtMs) / 2);
    await moveSubscription(ctx, world.customerOwner, { ...world.target, planId: none });
    await moveSubscription(ctx, world.customerOwner, { ...world.target, planId: arrears });
    moveTo(endsAtMs - HOUR_MS);
    await moveSubscription(ctx, world.customerOwner, { ...world.target, planId: none });
    moveTo(endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    const fees = await harness.owner.cycleFee.findMany({ where: { paymentTerm: 'in-arrears' } });
    const sum = Number(fees.reduce((total, { amountNanoUsd }) => total + amountNanoUsd, 0n));
    expect(sum).toBeGreaterThan(29_900_000_000);
    expect(sum).toBeLessThanOrEqual(30_000_000_000);
    expect(fees.every(({ invoiceId }) => invoiceId !== null)).toBe(true);
  });
});

describe('a billing cycle', () => {
  it('is closed when every call of it is stored: usage by rate card and model, the next fee, whole cents', async () => {
    const { startsAtMs, endsAtMs } = cycle(0);
    harness.advance(SOON_MS);
    await advanceBilling(harness.workerCtx);
    await call(startsAtMs + DAY_MS, 1_000_001n);
    await call(startsAtMs + 2 * DAY_MS, 3_000n, {
      chargedNanoUsd: nanoUsd(7_000_000n),
      shortfallNanoUsd: nanoUsd(500_000n),
    });
    await call(endsAtMs, 999n);
    const before = await upcomingInvoice(harness.ctx, world.customerOwner, world.target);
    moveTo(endsAtMs + SOON_MS);
    expect(await advanceBilling(harness.workerCtx)).toEqual({ customers: 1, invoices: 0 });
    expect(await advanceBilling(harness.workerCtx)).toEqual({ customers: 1, invoices: 0 });
    await storedUntil(endsAtMs + 1);
    expect(await advanceBilling(harness.workerCtx)).toEqual({ customers: 1, invoices: 1 });
    expect(await advanceBilling(harness.workerCtx)).toEqual({ customers: 0, invoices: 0 });
    const closed = await invoice(1);
    expect(
      closed.lines.map(({ kind, description, quantity, amountNanoUsd }) => [
        kind,
        description,
        quantity,
        amountNanoUsd,
      ]),
    ).toEqual([
      ['fee', 'Pro', null, `${FEE}`],
      ['usage', 'Pro: Input tokens, small-1', '1003001', '2507502500'],
      ['usage', 'calls', null, '300000'],
      ['shortfall', 'Pro: used beyond what calls had reserved, not charged', null, '-500000'],
      ['rounding', 'Rounded to whole cents', null, '2697500'],
    ]);
    expect(closed).toMatchObject({ number: 'ACME-000002', reason: 'cycle', totalNanoUsd: '22510000000' });
    // What was seen to come is what came, but for the next fee and the cents.
    expect(closed.lines.filter(({ kind }) => kind === 'usage' || kind === 'shortfall')).toEqual(before.lines);
    // All that is owed is on invoices, but for the call of the cycle that runs.
    expect(await receivable()).toBe(FEE + 22_510_000_000n + 999n * 2_500n);
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
  });

  it('takes what comes late into the next one, as what it was', async () => {
    const first = cycle(0);
    const second = cycle(1);
    const third = cycle(2);
    moveTo(first.endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    await call(first.endsAtMs - 1, 2_000_000n);
    moveTo(second.endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    const late = (await invoice(2)).lines.filter(({ kind }) => kind === 'usage');
    expect(late).toMatchObject([{ quantity: '2000000', startsAt: new Date(first.startsAtMs).toISOString() }]);
    moveTo(third.endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    const all = await invoices();
    const totals = all.map(({ totalNanoUsd }) => totalNanoUsd);
    expect(totals).toEqual([FEE, FEE, 25_000_000_000n, FEE].map(String));
    expect(totals.reduce((sum, one) => sum + BigInt(one), 0n)).toBe(await receivable());
  });

  it('that prepaid credit paid for is an invoice of nothing, which is paid', async () => {
    await endSubscription(harness.ctx, world.customerOwner, world.target);
    const charges = [{ node: `credit:${world.customerId}:live`, periodId: 'total', amount: 2_500_000n }];
    await call(cycle(0).startsAtMs + DAY_MS, 1_000n, { charges });
    moveTo(cycle(0).endsAtMs + SOON_MS);
    await advanceBilling(harness.workerCtx);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    const { lines } = await invoice(1);
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'credit', amountNanoUsd: '-2500000' }));
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'usage', amountNanoUsd: '2500000' }));
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
  });

  it('is closed once, by however many workers, and numbers have no gaps', async () => {
    for (let index = 0; index < 3; index++) {
      moveTo(cycle(index).endsAtMs + SOON_MS);
      await storedUntil(now());
      await call(cycle(index).endsAtMs - DAY_MS, 1_000_000n);
      await Promise.all(Array.from({ length: 4 }, () => advanceBilling(harness.workerCtx)));
    }
    expect(harness.errors).toEqual([]);
    const all = await invoices();
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4].map((number) => `ACME-00000${number}`));
    expect(all.reduce((sum, { totalNanoUsd }) => sum + BigInt(totalNanoUsd), 0n)).toBe(await receivable());
  });

  it('of whoever left is not followed for ever', async () => {
    await endSubscription(harness.ctx, world.customerOwner, world.target);
    for (let index = 0; index < 8; index++) {
      moveTo(cycle(index).endsAtMs + SOON_MS);
      await storedUntil(now());
      await advanceBilling(harness.workerCtx);
    }
    const cycles = await harness.owner.billingCycle.findMany({ orderBy: { startsAt: 'asc' } });
    expect(cycles.length).toBeLessThanOrEqual(4);
    expect(cycles.every(({ closedAt, followedAt }) => closedAt !== null && followedAt !== null)).toBe(true);
  });
});

describe('an open invoice', () => {
  const target = async () => ({ providerId: world.providerId, invoiceId: (await invoices())[0]?.id ?? '' });
  beforeEach(async () => {
    harness.advance(SOON_MS);
    await advanceBilling(harness.workerCtx);
  });

  it('is paid once, and then nothing of it is owed', async () => {
    const { ctx } = harness;
    const wanted = { ...(await target()), paidBy: 'Bank transfer' };
    const both = await Promise.allSettled([payInvoice(ctx, world.owner, wanted), payInvoice(ctx, world.owner, wanted)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await invoice(0)).toMatchObject({ state: 'paid', dueNanoUsd: '0', paidBy: 'Bank transfer' });
    expect(await receivable()).toBe(300_000n);
    await expect(voidInvoice(ctx, world.owner, { ...(await target()), reason: 'R' })).rejects.toThrow(/is paid/);
  });

  it('is credited in parts, never below nothing', async () => {
    const { ctx } = harness;
    const credit = async (amountNanoUsd: string) =>
      creditInvoice(ctx, world.owner, { ...(await target()), amountNanoUsd, reason: 'An outage' });
    await expect(credit('20010000000')).rejects.toThrow(/more than/);
    await expect(credit('1')).rejects.toThrow(/whole cents/);
    expect(await credit('5000000000')).toMatchObject({ state: 'open', dueNanoUsd: '15000000000' });
    expect(await credit('15000000000')).toMatchObject({
      ...{ state: 'paid', paidNanoUsd: '0', creditedNanoUsd: '20000000000' },
      creditNotes: [{ number: 'ACME-CN-000001' }, { number: 'ACME-CN-000002' }],
    });
    expect(await receivable()).toBe(300_000n);
  });

  it('is voided: its number stays, and it is billed on no later one', async () => {
    await voidInvoice(harness.ctx, world.owner, { ...(await target()), reason: 'A mistake' });
    expect(await invoice(0)).toMatchObject({ state: 'void', voidReason: 'A mistake', dueNanoUsd: '0' });
    moveTo(cycle(0).endsAtMs + SOON_MS);
    await storedUntil(now());
    await advanceBilling(harness.workerCtx);
    expect((await invoices()).map(({ number, totalNanoUsd }) => [number, totalNanoUsd])).toEqual([
      ['ACME-000001', `${FEE}`],
      ['ACME-000002', `${FEE}`],
    ]);
    expect(await receivable()).toBe(FEE);
  });

  it('adds up, whoever writes it', async () => {
    const { id } = await invoice(0);
    const change = harness.owner
      .$executeRaw`UPDATE invoice SET total_nano_usd = total_nano_usd + 10000000 WHERE id = ${id}`;
    await expect(change).rejects.toThrow(/has lines of/);
    const line = harness.owner.$executeRaw`UPDATE invoice_line SET description = 'other' WHERE invoice_id = ${id}`;
    await expect(line).rejects.toThrow(/append-only/);
  });
});
