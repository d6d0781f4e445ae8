import type { RatedEventLine, UsageEvent } from '@tollwright/contracts';
import { cycleAt, nanoUsd, parseUsd } from '@tollwright/core';
import { createWorld, openServicesHarness, type ServicesHarness, usageEventOf, type World } from '@tollwright/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { updateAgent } from '../agent/update.ts';
import { advanceBilling } from '../billing/advance.ts';
import { getInvoice } from '../invoice/get.ts';
import { listInvoices } from '../invoice/list.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { invoiceUsage } from './csv.ts';

const SOON_MS = 60_000;
const DAY_MS = 86_400_000;
/** More than are read at once. */
const MANY = 1_050;

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

interface Called {
  readonly atMs: number;
  readonly tokens: bigint;
  readonly more?: Partial<UsageEvent>;
}

/** Stores calls in one transaction. */
async function store(calls: readonly Called[]): Promise<void> {
  const { providerId, customerId, agentId, keyId, apiId, routeId, planVersionId } = world;
  const of = { providerId, customerId, apiId, agentIds: [agentId, agentId] as [string, string] };
  const items = calls.map(({ atMs, tokens, more }) => {
    sequence++;
    const amountNanoUsd = nanoUsd(tokens * 2_500n);
    const named = { rateCardKey: 'input', meter: 'input_tokens', model: 'small-1' };
    const lines: RatedEventLine[] = [{ ...named, quantity: tokens, amountNanoUsd }];
    const event: UsageEvent = {
      ...usageEventOf({ ...of, keyIds: [keyId, keyId], routeIds: [routeId, routeId] }),
      ...{ eventId: `call-${sequence}`, requestId: `req_${sequence}`, planVersionId, lines },
      ...{ ratedNanoUsd: amountNanoUsd, chargedNanoUsd: amountNanoUsd, occurredAt: new Date(atMs).toISOString() },
      ...more,
    };
    return { sequence, item: { kind: 'usage' as const, event } };
  });
  await harness.gatewayState.inbox.append('spl_usage', items);
  for (let at = 0; at < 4; at++) await ingestSpool(harness.workerCtx, 'spl_usage');
}

const cycle = (index: number) => {
  let found = cycleAt('month', anchorMs, anchorMs);
  for (let at = 0; at < index; at++) found = cycleAt('month', anchorMs, found.endsAtMs);
  return found;
};

/** Closes a cycle; answers its invoice. */
async function close(index: number) {
  harness.advance(cycle(index).endsAtMs + SOON_MS - harness.workerCtx.clock());
  const at = new Date(harness.workerCtx.clock() + DAY_MS);
  const survey = { sinceAt: new Date(0), lookedAt: at, notedAt: at };
  await harness.owner.spoolSurvey.upsert({
    where: { id: 'survey' },
    create: { id: 'survey', ...survey },
    update: survey,
  });
  await harness.owner.spoolWatermark.updateMany({ data: { closedAt: at } });
  await advanceBilling(harness.workerCtx);
  expect(harness.errors).toEqual([]);
  const { providerId } = world;
  const { items } = await listInvoices(harness.ctx, world.owner, { providerId, limit: 1 });
  return getInvoice(harness.ctx, world.owner, { providerId, invoiceId: items[0]?.id ?? '' });
}

/** What the customer's own people download. */
async function rowsOf(invoiceId: string, line?: number) {
  const file = await invoiceUsage(harness.ctx, world.customerOwner, { ...world.target, invoiceId, line });
  const parts: Uint8Array[] = [];
  for await (const chunk of file.chunks()) parts.push(chunk);
  const [head = '', ...rows] = Buffer.concat(parts).toString('utf8').trimEnd().split('\r\n');
  const names = head.split(',');
  return rows.map((row) => {
    const cells = row.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? [];
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

async function expectSums(invoice: Awaited<ReturnType<typeof close>>) {
  const rows = await rowsOf(invoice.id);
  for (const [index, line] of invoice.lines.entries()) {
    const own = rows.filter((row) => row.line === `${index + 1}`);
    expect(own.reduce((sum, row) => sum + parseUsd(row.amount_usd ?? ''), 0n)).toBe(BigInt(line.amountNanoUsd));
    if (line.quantity === null) continue;
    expect(own.reduce((sum, row) => sum + BigInt(row.quantity ?? ''), 0n)).toBe(BigInt(line.quantity));
  }
  return rows;
}

it('rows of a line sum to its amount: calls, what came late, what was not charged, fees and cents', async () => {
  await updateAgent(harness.ctx, world.customerOwner, { ...world.target, agentId: world.agentId, name: '=cmd()' });
  const { startsAtMs, endsAtMs } = cycle(0);
  const short = { chargedNanoUsd: nanoUsd(7_000_000n), shortfallNanoUsd: nanoUsd(500_000n) };
  await store(Array.from({ length: MANY }, (_, index) => ({ atMs: startsAtMs + DAY_MS + index, tokens: 3n })));
  await store([{ atMs: startsAtMs + 2 * DAY_MS, tokens: 3_000n, more: short }]);
  await store([{ atMs: endsAtMs, tokens: 999n }]);
  const first = await close(0);
  const rows = await expectSums(first);
  const calls = rows.filter((row) => row.meter === 'input_tokens');
  expect(new Set(calls.map((row) => row.event_id)).size).toBe(MANY + 1);
  expect(calls[0]).toMatchObject({ agent: "'=cmd()", model: 'small-1', quantity: '3', amount_usd: '0.0000075' });
  expect(calls[0]?.route).toMatch(/^[A-Z]+ \//);
  expect(rows.filter((row) => row.kind === 'shortfall')).toMatchObject([{ amount_usd: '-0.0005' }]);
  // Late, and earlier than others of the cycle by its own time.
  await store([{ atMs: startsAtMs + DAY_MS - 1, tokens: 2_000_000n }]);
  const second = await close(1);
  const late = (await expectSums(second)).filter((row) => row.meter === 'input_tokens');
  expect(late.map((row) => row.event_id).sort()).toEqual([`call-${MANY + 2}`, `call-${MANY + 3}`]);
  expect(await rowsOf(first.id)).toEqual(rows);
  const usage = first.lines.findIndex(({ kind }) => kind === 'usage') + 1;
  expect(await rowsOf(first.id, usage)).toEqual(rows.filter((row) => row.line === `${usage}`));
  await expect(rowsOf(first.id, 99)).rejects.toThrow(/no such line/);
});
