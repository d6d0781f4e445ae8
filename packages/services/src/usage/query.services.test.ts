import { randomBytes } from 'node:crypto';
import type { InboxItem } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { closeDb, createDb, type Db } from '@tollwright/db';
import { createEgress } from '@tollwright/egress';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { StripeClients } from '@tollwright/stripe';
import {
  type FreshDatabase,
  freshDatabase,
  insertTenant,
  paymentOf,
  type TenantIds,
  usageEventOf,
} from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, ANONYMOUS, SYSTEM } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { getPayment } from '../payment/get.ts';
import { listPayments } from '../payment/list.ts';
import { customerHome } from './customer-home.ts';
import { getEvent } from './get-event.ts';
import { ingestSpool } from './ingest.ts';
import { listEvents } from './list-events.ts';
import { providerHome } from './provider-home.ts';
import { queryMeter } from './query-meter.ts';
import { usageSeries } from './series.ts';
import { usageTop } from './top.ts';

const NOW = Date.UTC(2026, 10, 24, 12, 34);
const EVENTS = 240;

let database: FreshDatabase;
let owner: Db;
let db: Db;
let state: StatePort;
let ctx: ServiceContext;
let acme: TenantIds;
let other: TenantIds;

beforeAll(async () => {
  database = await freshDatabase();
  owner = createDb({ connectionString: database.url, poolMax: 2 });
  db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 4 });
  state = createPostgresState({ connectionString: database.url });
  acme = await insertTenant(database.url, 'acme');
  other = await insertTenant(database.url, 'other');
  ctx = {
    db: createDb({ connectionString: database.urlAs('tollwright_portal'), poolMax: 4 }),
    state,
    clock: () => NOW,
    random: randomBytes,
    stripe: new StripeClients(),
    masterKeys: [],
    egress: createEgress({ allow: [] }),
    mailer: { send: async () => undefined },
    publicUrls: { portalUrl: 'http://portal.test', gatewayUrl: 'http://gateway.test' },
    signup: 'open',
    onError: (what, error) => console.error(what, error),
  };
  await state.inbox.append(
    'spl-query',
    history().map((item, index) => ({ sequence: index + 1, item })),
  );
  await ingestSpool({ ...ctx, db }, 'spl-query');
});

afterAll(async () => {
  await Promise.all([closeDb(ctx.db), closeDb(db), closeDb(owner), state.close(), ctx.egress.close()]);
  await database.drop();
});

/** Five days of calls of both tenants, with a day border of Lisbon and of Kathmandu in it, and some payments. */
function history(): InboxItem[] {
  const items: InboxItem[] = [];
  for (let index = 0; index < EVENTS; index += 1) {
    const tenant = index % 5 === 0 ? other : acme;
    const charged = nanoUsd(BigInt(1_000 + ((index * 7919) % 5_000)));
    const event = usageEventOf(tenant, {
      occurredAt: new Date(Date.UTC(2026, 10, 19, 1, 3, index) + index * 29 * 60_000).toISOString(),
      agentId: tenant.agentIds[index % 3 === 0 ? 1 : 0],
      keyId: tenant.keyIds[index % 3 === 0 ? 1 : 0],
      routeId: tenant.routeIds[index % 4 === 0 ? 1 : 0],
      status: index % 13 === 0 ? 502 : 200,
      chargedNanoUsd: charged,
      ratedNanoUsd: nanoUsd(charged + 5n),
      shortfallNanoUsd: nanoUsd(5n),
      data: { model: ['small', 'large', 'huge'][index % 3] ?? '', input_tokens: index, output_tokens: 2 * index },
    });
    items.push({ kind: 'usage', event });
    if (index % 42 === 0) {
      const occurredAt = event.occurredAt;
      const payment = paymentOf(tenant, { occurredAt, state: index === 84 ? 'unknown' : 'settled' });
      items.push({ kind: 'payment', payment });
      if (payment.state === 'settled') {
        const paid = { customerId: null, agentId: null, keyId: null, rail: 'x402', occurredAt } as const;
        const event = usageEventOf(tenant, {
          ...paid,
          requestId: payment.requestId,
          paymentId: payment.paymentId,
          chargedNanoUsd: payment.priceNanoUsd,
          ratedNanoUsd: payment.priceNanoUsd,
        });
        items.push({ kind: 'usage', event });
      }
    }
  }
  return items;
}

async function rows<Row>(statement: string): Promise<Row[]> {
  return owner.$queryRawUnsafe<Row[]>(statement);
}

function provider(tenant = acme) {
  return { providerId: tenant.providerId, from: '2026-11-18T00:00:00Z', to: '2026-11-25T00:00:00Z' };
}

const RAW = `SELECT count(*)::int AS calls, count(*) FILTER (WHERE status >= 400)::int AS errors,
  sum((body -> 'data' ->> 'input_tokens')::bigint)::int AS "inputTokens",
  sum((body -> 'data' ->> 'output_tokens')::bigint)::int AS "outputTokens",
  sum((body ->> 'ratedNanoUsd')::bigint)::text AS "ratedNanoUsd",
  sum((body ->> 'chargedNanoUsd')::bigint)::text AS "chargedNanoUsd",
  sum((body ->> 'shortfallNanoUsd')::bigint)::text AS "shortfallNanoUsd"`;

describe('usageSeries', () => {
  it.each(['UTC', 'Europe/Lisbon', 'Asia/Kathmandu', 'America/New_York'])(
    'cuts days as %s does, with the sums of the raw events',
    async (timeZone) => {
      const series = await usageSeries(ctx, SYSTEM, { ...provider(), timeZone, interval: 'day', groupBy: 'model' });
      const raw = await rows<{ at: Date; key: string }>(
        `${RAW}, body -> 'data' ->> 'model' AS key,
          ((occurred_at AT TIME ZONE '${timeZone}')::date)::timestamp AT TIME ZONE '${timeZone}' AS at
         FROM usage_event WHERE provider_id = '${acme.providerId}' GROUP BY key, at ORDER BY at, key`,
      );
      expect(series.points).toEqual(raw.map((row) => ({ ...row, at: row.at.toISOString() })));
      expect(series.points.every((point) => series.buckets.includes(point.at))).toBe(true);
    },
  );

  it.each(['15m', 'hour'] as const)('cuts buckets of %s', async (interval) => {
    const series = await usageSeries(ctx, SYSTEM, { ...provider(), interval });
    const seconds = interval === 'hour' ? 3600 : 900;
    const raw = await rows<{ at: Date }>(
      `${RAW}, to_timestamp(floor(extract(epoch FROM occurred_at) / ${seconds}) * ${seconds}) AS at
       FROM usage_event WHERE provider_id = '${acme.providerId}' GROUP BY at ORDER BY at`,
    );
    expect(series.points).toEqual(raw.map((row) => ({ ...row, key: null, at: row.at.toISOString() })));
    expect(series.groups.map(({ label }) => label)).toEqual(['All']);
  });

  it('sums what is beyond the largest groups as others', async () => {
    const series = await usageSeries(ctx, SYSTEM, { ...provider(), groupBy: 'agent', groupsMax: 1 });
    expect(series.groups.map(({ key, label }) => [key, label])).toEqual([
      ['', 'No agent'],
      [null, 'Others'],
    ]);
    const calls = series.groups.reduce((sum, group) => sum + group.calls, 0);
    const [raw] = await rows<{ calls: number }>(`${RAW} FROM usage_event WHERE provider_id = '${acme.providerId}'`);
    expect(calls).toBe(raw?.calls);
  });

  it('filters by agent, model, route, key and customer', async () => {
    const [agentId, keyId, routeId] = [acme.agentIds[1], acme.keyIds[1], acme.routeIds[0]];
    const filter = { agentId, keyId, routeId, model: 'small', customerId: acme.customerId, rail: 'plan' as const };
    const top = await usageTop(ctx, SYSTEM, { ...provider(), ...filter, groupBy: 'agent' });
    const [raw] = await rows<object>(`${RAW} FROM usage_event WHERE agent_id = '${agentId}' AND key_id = '${keyId}'
      AND route_id = '${routeId}' AND body -> 'data' ->> 'model' = 'small'`);
    expect(top.total).toEqual(raw);
    expect(top.groups).toEqual([{ key: agentId, label: 'agent-1', ...raw }]);
    expect(top.total.calls).toBeGreaterThan(0);
  });

  it('refuses what is no period and no time zone', async () => {
    const backwards = { ...provider(), from: '2026-11-26T00:00:00Z' };
    await expect(usageSeries(ctx, SYSTEM, backwards)).rejects.toThrow('from must be before to');
    for (const timeZone of ['EST5', '+02:00', 'Mars/Base', "x'; --"]) {
      await expect(usageSeries(ctx, SYSTEM, { ...provider(), timeZone })).rejects.toThrow('IANA');
    }
  });
});

describe('queryMeter', () => {
  it('answers what the raw events hold, by dimension and agent', async () => {
    const groupBy = ['model', 'agent_id'];
    const answer = await queryMeter(ctx, SYSTEM, { ...provider(), meterIdOrSlug: 'output_tokens', groupBy });
    const raw = await rows(
      `SELECT body -> 'data' ->> 'model' AS model, agent_id,
         sum((body -> 'data' ->> 'output_tokens')::bigint)::int AS value
       FROM usage_event WHERE provider_id = '${acme.providerId}' GROUP BY 1, 2`,
    );
    const flat = answer.data.map(({ groupBy: group, value }) => ({ ...group, value }));
    expect(new Set(flat.map((row) => JSON.stringify(row)))).toEqual(new Set(raw.map((row) => JSON.stringify(row))));
    expect(flat.length).toBe(raw.length);
  });

  it('answers one row for the whole period without grouping, from the roll-ups and from the events', async () => {
    const [raw] = await rows<{ calls: number }>(`${RAW} FROM usage_event WHERE provider_id = '${acme.providerId}'`);
    const whole = { from: '2026-11-01T00:00:00Z', to: '2026-11-25T00:00:00Z' };
    for (const period of [{}, whole, { ...whole, from: '2026-11-01T00:00:01Z' }]) {
      const answer = await queryMeter(ctx, SYSTEM, { ...provider(), ...period, meterIdOrSlug: 'requests' });
      expect(answer.data).toMatchObject([{ value: raw?.calls, subject: null, groupBy: {} }]);
    }
    await expect(queryMeter(ctx, SYSTEM, { ...provider(), meterIdOrSlug: 'nothing' })).rejects.toThrow('not-found');
  });
});

describe('providerHome', () => {
  it('has the revenue of plan calls and settled payments, and the active agents', async () => {
    const home = await providerHome(ctx, SYSTEM, provider());
    const [raw] = await rows<object>(
      `SELECT (SELECT sum((body ->> 'chargedNanoUsd')::bigint) FROM usage_event
          WHERE provider_id = '${acme.providerId}' AND rail = 'plan')::text AS "usageNanoUsd",
        (SELECT sum(price_nano_usd) FROM payment WHERE provider_id = '${acme.providerId}' AND state = 'settled')::text AS "paymentsNanoUsd",
        (SELECT count(DISTINCT agent_id)::int FROM usage_event WHERE provider_id = '${acme.providerId}') AS "activeAgents",
        (SELECT count(*)::int FROM usage_event WHERE provider_id = '${acme.providerId}') AS calls,
        (SELECT count(*)::int FROM payment WHERE provider_id = '${acme.providerId}' AND state = 'settled') AS "settledPayments"`,
    );
    expect(home).toMatchObject({ ...raw, feesNanoUsd: '0' });
    expect(BigInt(home.revenueNanoUsd)).toBe(BigInt(home.usageNanoUsd) + BigInt(home.paymentsNanoUsd));
    const byDay = home.revenue.reduce((sum, day) => sum + BigInt(day.revenueNanoUsd), 0n);
    expect(byDay.toString()).toBe(home.revenueNanoUsd);
    expect(home.revenue).toHaveLength(7);
  });
});

describe('customerHome', () => {
  it('has this month’s spending and the budgets as the counters know them', async () => {
    await rows(`INSERT INTO budget (id, provider_id, customer_id, subject, subject_id, limit_nano_usd, period, updated_at)
      VALUES ('bud_1', '${acme.providerId}', '${acme.customerId}', 'agent', '${acme.agentIds[0]}', 5000000000, 'month', now())`);
    const home = await customerHome(ctx, SYSTEM, { providerId: acme.providerId, customerId: acme.customerId });
    const [raw] = await rows<object>(
      `${RAW}, count(DISTINCT agent_id)::int AS "activeAgents" FROM usage_event WHERE customer_id = '${acme.customerId}'
       AND occurred_at >= '2026-11-01Z' AND occurred_at < '2026-12-01Z'`,
    );
    expect(home).toMatchObject({ ...raw, month: '2026-11', agents: 2, feesNanoUsd: '0' });
    expect(home.budgets).toEqual([
      {
        budgetId: 'bud_1',
        subject: 'agent',
        subjectId: acme.agentIds[0],
        name: 'agent-0',
        limitNanoUsd: '5000000000',
        period: 'month',
        soft: false,
        periodId: '2026-11',
        endsAt: '2026-12-01T00:00:00.000Z',
        spentNanoUsd: '0',
        heldNanoUsd: '0',
      },
    ]);
  });
});

describe('listEvents', () => {
  it('pages through every event once, newest first', async () => {
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listEvents(ctx, SYSTEM, { providerId: acme.providerId, limit: 37, cursor });
      seen.push(...page.items.map((item) => item.id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    const raw = await rows<{ event_id: string }>(
      `SELECT event_id FROM usage_event WHERE provider_id = '${acme.providerId}' ORDER BY occurred_at DESC, event_id DESC`,
    );
    expect(seen).toEqual(raw.map((row) => row.event_id));
  });

  it('filters failures and names agents and routes', async () => {
    const page = await listEvents(ctx, SYSTEM, { providerId: acme.providerId, status: 'error', model: 'small' });
    expect(page.items.length).toBeGreaterThan(0);
    expect(page.items.every((item) => item.status === 502 && item.model === 'small')).toBe(true);
    expect(page.items[0]).toMatchObject({ agentName: 'agent-1', keyName: 'key 1' });
    await expect(listEvents(ctx, SYSTEM, { providerId: acme.providerId, cursor: 'nonsense' })).rejects.toThrow(
      'nextCursor',
    );
    const id = page.items[0]?.id ?? '';
    const event = await getEvent(ctx, SYSTEM, { providerId: acme.providerId, eventId: id });
    expect(event.body).toMatchObject({ eventId: id, schemaVersion: 1 });
  });
});

describe('payments', () => {
  it('are listed newest first, with the call they paid for', async () => {
    const page = await listPayments(ctx, SYSTEM, { providerId: acme.providerId, state: 'settled' });
    const times = page.items.map((item) => item.occurredAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(page.items.length).toBeGreaterThan(0);
    const paymentId = page.items[0]?.id ?? '';
    const payment = await getPayment(ctx, SYSTEM, { providerId: acme.providerId, paymentId });
    expect(payment.event).toMatchObject({ paymentId, rail: 'x402', chargedNanoUsd: '10000000' });
    await expect(getPayment(ctx, SYSTEM, { providerId: other.providerId, paymentId })).rejects.toThrow('not-found');
  });
});

describe('who may ask', () => {
  const token = (tenant: TenantIds, customerId: string | null): Actor => ({
    kind: 'token',
    tokenId: 'tok_1',
    providerId: tenant.providerId,
    customerId,
    role: 'viewer',
    scopes: ['read'],
  });
  const verbs = [usageSeries, providerHome, listEvents, listPayments] as const;

  it.each(verbs.map((verb) => [verb.name, verb] as const))('%s: nobody and other providers', async (_, verb) => {
    const input = { providerId: acme.providerId };
    await expect(verb(ctx, ANONYMOUS, input)).rejects.toThrow('not-signed-in');
    await expect(verb(ctx, token(other, null), input)).rejects.toThrow('not-found');
    await expect(verb(ctx, token(acme, acme.customerId), input)).rejects.toThrow('not-found');
    await expect(verb(ctx, token(acme, null), input)).resolves.toBeDefined();
  });

  it('shows a customer its own calls only', async () => {
    const input = { providerId: acme.providerId, customerId: acme.customerId, limit: 200 };
    const page = await listEvents(ctx, token(acme, acme.customerId), input);
    expect(page.items.every((item) => item.customerId === acme.customerId)).toBe(true);
    const intruder = token(acme, other.customerId);
    await expect(listEvents(ctx, intruder, input)).rejects.toThrow('not-found');
    await expect(customerHome(ctx, intruder, { ...input })).rejects.toThrow('not-found');
  });
});
