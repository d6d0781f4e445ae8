import type { UsageEvent } from '@tollwright/contracts';
import { cycleAt, nanoUsd, parseUsd } from '@tollwright/core';
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
import { upcomingInvoice } from '../invoice/upcoming.ts';
import { checkLedger } from '../ledger/check.ts';
import { createPlan } from '../plan/create.ts';
import { publishPlan } from '../plan/publish.ts';
import { endSubscription } from '../subscription/end.ts';
import { moveSubscription } from '../subscription/move.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { advanceBilling } from './advance.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** More than a round waits for transactions that are open. */
const SOON_MS = 60_000;
const TERMS = { ...termsOf(), quotas: [], rateCards: [] };
const volume = {
  ...{ key: 'calls', name: 'Calls' },
  price: {
    ...{ kind: 'volume' as const, meter: 'input_tokens' },
    tiers: [
      { upTo: '200', usdPerUnit: '0.02', flatUsd: '0' },
      { upTo: null, usdPerUnit: '0.01', flatUsd: '0' },
    ],
  },
};

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

const moveTo = (atMs: number) => harness.advance(atMs - harness.workerCtx.clock());
const cycle = (index: number) => {
  let found = cycleAt('month', anchorMs, anchorMs);
  for (let at = 0; at < index; at++) found = cycleAt('month', anchorMs, found.endsAtMs);
  return found;
};

/** Publishes a plan without a fee and moves the customer to it. Answers its version. */
async function moveToPlan(key: string, terms: object): Promise<string> {
  const { ctx } = harness;
  const { providerId, target } = world;
  const made = await createPlan(ctx, world.owner, { providerId, key, name: key, terms: { ...TERMS, ...terms } });
  const planVersionId = made.versions[0]?.id ?? '';
  await publishPlan(ctx, world.owner, { providerId, planVersionId });
  await moveSubscription(ctx, world.customerOwner, { ...target, planId: made.id });
  return planVersionId;
}

/** A call at a moment that was charged so much for so many units. */
async function call(planVersionId: string, atMs: number, units: bigint, usd: string, more: Partial<UsageEvent> = {}) {
  const { providerId, customerId, agentId, keyId, apiId, routeId } = world;
  sequence++;
  const amountNanoUsd = parseUsd(usd);
  const line = { rateCardKey: 'calls', meter: 'input_tokens', quantity: units, amountNanoUsd };
  const of = { providerId, customerId, apiId, agentIds: [agentId, agentId] as [string, string] };
  const event: UsageEvent = {
    ...usageEventOf({ ...of, keyIds: [keyId, keyId], routeIds: [routeId, routeId] }),
    ...{ eventId: `call-${sequence}`, requestId: `req_${sequence}`, planVersionId, lines: [line] },
    ...{ ratedNanoUsd: amountNanoUsd, chargedNanoUsd: amountNanoUsd, occurredAt: new Date(atMs).toISOString() },
    ...more,
  };
  await harness.gatewayState.inbox.append('spl_close', [{ sequence, item: { kind: 'usage', event } }]);
  await ingestSpool(harness.workerCtx, 'spl_close');
}

/** Closes what ended, once every call before is stored. Answers the lines of the newest invoice, and its total. */
async function closeAt(atMs: number) {
  moveTo(atMs + SOON_MS);
  const at = new Date(atMs + HOUR_MS);
  const survey = { sinceAt: new Date(0), lookedAt: at, notedAt: at };
  const create = { id: 'survey', ...survey };
  await harness.owner.spoolSurvey.upsert({ where: { id: 'survey' }, create, update: survey });
  await harness.owner.spoolWatermark.updateMany({ data: { closedAt: at } });
  await advanceBilling(harness.workerCtx);
  expect(harness.errors).toEqual([]);
  const { providerId } = world;
  const { items } = await listInvoices(harness.ctx, world.owner, { providerId });
  const { lines, totalNanoUsd } = await getInvoice(harness.ctx, world.owner, {
    ...{ providerId, invoiceId: items[0]?.id ?? '' },
  });
  return {
    lines: lines.map(({ kind, description, amountNanoUsd }) => [kind, description, Number(amountNanoUsd) / 1e9]),
    usd: Number(totalNanoUsd) / 1e9,
    invoices: items.length,
  };
}

/** What the ledger says that the customer owes, less what invoices ask for. */
async function uninvoiced(): Promise<bigint> {
  const [row] = await harness.owner.$queryRaw<{ rest: bigint }[]>`
    SELECT ((SELECT coalesce(sum(p.amount_nano_usd), 0) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE a.customer_id = ${world.customerId} AND a.kind = 'receivable')
      - (SELECT coalesce(sum(i.total_nano_usd), 0) FROM invoice i WHERE i.customer_id = ${world.customerId}))::bigint AS rest`;
  return row?.rest ?? -1n;
}

const added = (lines: readonly (readonly unknown[])[]) =>
  lines.filter(([kind]) => ['rerating', 'discount', 'minimum'].includes(`${kind}`));

describe('the close of a cycle', () => {
  it('prices a volume at the tier that it ends in, takes the amount off, and adds up to the minimum', async () => {
    const terms = { rateCards: [{ ...volume, amountOffNanoUsd: '500000000' }], minimumNanoUsd: '10000000000' };
    const version = await moveToPlan('volume', terms);
    const { startsAtMs, endsAtMs } = cycle(0);
    const shares = (endsAtMs - harness.workerCtx.clock()) / (endsAtMs - startsAtMs);
    expect(shares).toBeGreaterThan(0.999);
    for (const usd of ['2', '2', '1']) await call(version, startsAtMs + DAY_MS, 100n, usd);
    const before = await upcomingInvoice(harness.ctx, world.customerOwner, world.target);
    const { lines, usd } = await closeAt(endsAtMs);
    const own = lines.filter(([, description]) => `${description}`.startsWith('volume'));
    expect(own.map(([kind, description]) => [kind, description])).toEqual([
      ['usage', 'volume: Calls'],
      ['rerating', 'volume: Calls, priced again for the whole cycle'],
      ['discount', 'volume: Calls, amount off'],
      ['minimum', 'volume: up to the minimum'],
    ]);
    const [charged, rerated, discount, minimum] = own.map(([, , amount]) => Number(amount));
    expect([charged, rerated]).toEqual([5, -2]);
    expect(discount).toBeCloseTo(-0.5, 2);
    expect(minimum).toBeCloseTo(7.5, 2);
    expect(usd).toBe(10);
    const seen = before.lines.map(({ kind, amountNanoUsd }) => [kind, Number(amountNanoUsd) / 1e9]);
    expect(added(seen)).toEqual(added(own).map(([kind, , amount]) => [kind, amount]));
    expect(await uninvoiced()).toBe(0n);
    expect(await checkLedger(harness.workerCtx)).toEqual([]);
    const again = await closeAt(cycle(1).endsAtMs);
    expect(added(again.lines)).toEqual([['minimum', 'volume: up to the minimum', 10]]);
  });

  it('asks for nothing below nothing: what late calls make cheaper waits for the next invoices', async () => {
    const version = await moveToPlan('volume', { rateCards: [volume] });
    const first = await call(version, cycle(0).startsAtMs + DAY_MS, 200n, '4').then(() => closeAt(cycle(0).endsAtMs));
    expect(added(first.lines)).toEqual([]);
    await call(version, cycle(0).endsAtMs - HOUR_MS, 1n, '0.01');
    const second = await closeAt(cycle(1).endsAtMs);
    expect(second.usd).toBe(0);
    expect(added(second.lines)).toEqual([['rerating', 'volume: Calls, priced again for the whole cycle', -0.01]]);
    await call(version, cycle(2).startsAtMs + DAY_MS, 100n, '2');
    const third = await closeAt(cycle(2).endsAtMs);
    expect(added(third.lines)).toEqual([['rerating', 'volume: Calls, priced again for the whole cycle', -1.99]]);
    expect(third.usd).toBe(0.01);
    expect(await uninvoiced()).toBe(0n);
  });

  it('asks for a minimum for the time on its version, of who moved and of who left', async () => {
    const minimum = { minimumNanoUsd: '30000000000' };
    const { startsAtMs, endsAtMs } = cycle(0);
    const middleMs = (startsAtMs + endsAtMs) / 2;
    await moveToPlan('bound', minimum);
    moveTo(middleMs);
    await moveToPlan('free', {});
    const { lines } = await closeAt(endsAtMs);
    const [[, description, amount] = []] = added(lines);
    expect(description).toBe('bound: up to the minimum');
    expect(amount).toBeCloseTo(15, 1);
    await moveToPlan('other', minimum);
    moveTo((cycle(1).startsAtMs + cycle(1).endsAtMs) / 2);
    await endSubscription(harness.ctx, world.customerOwner, world.target);
    const [[, , rest] = []] = added((await closeAt(cycle(1).endsAtMs)).lines);
    expect(rest).toBeCloseTo(15, 1);
    expect(await uninvoiced()).toBe(0n);
  });

  it('gives test calls back what they paid too, and asks for no minimum of them', async () => {
    const version = await moveToPlan('volume', { rateCards: [volume], minimumNanoUsd: '10000000000' });
    const charge = { livemode: false, chargedNanoUsd: nanoUsd(5_000_000_000n) };
    await call(version, cycle(0).startsAtMs + DAY_MS, 300n, '5', charge);
    await closeAt(cycle(0).endsAtMs);
    const lines = await harness.owner.invoiceLine.findMany({
      where: { livemode: false },
      orderBy: { position: 'asc' },
    });
    expect(lines.map(({ kind, amountNanoUsd }) => [kind, amountNanoUsd])).toEqual([
      ['usage', 5_000_000_000n],
      ['rerating', -2_000_000_000n],
    ]);
  });

  it('shows stays to nobody else, and nobody changes them', async () => {
    await moveToPlan('free', {});
    const [stay] = await harness.owner.planStay.findMany();
    expect(stay).toMatchObject({ planVersionId: world.planVersionId, customerId: world.customerId });
    await expect(harness.owner.$executeRaw`DELETE FROM plan_stay`).rejects.toThrow(/append-only/);
  });
});
