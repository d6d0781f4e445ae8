import type { UsageEvent } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { closeDb, createDb, type Db, withTenant } from '@tollwright/db';
import { createPostgresState, type StatePort } from '@tollwright/state';
import { type FreshDatabase, freshDatabase, insertTenant, type TenantIds, usageEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { getEvent } from '../usage/get-event.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { ingestContext } from '../usage/ingest-harness.ts';
import { isUnchanged, rebuildRollups } from '../usage/rebuild.ts';
import { marginCalls } from './calls.ts';
import { listCosts } from './list-costs.ts';
import { marginSeries } from './series.ts';
import { setCosts } from './set-costs.ts';
import { marginTop } from './top.ts';

const SPOOL = 'spl-margin';
const PERIOD = { from: '2026-11-20T00:00:00Z', to: '2026-11-22T00:00:00Z' };

let database: FreshDatabase;
let owner: Db;
let db: Db;
let portal: Db;
let state: StatePort;
let ctx: ServiceContext;
let acme: TenantIds;
let other: TenantIds;
let sequence = 0;

beforeAll(async () => {
  database = await freshDatabase();
  owner = createDb({ connectionString: database.url, poolMax: 2 });
  db = createDb({ connectionString: database.urlAs('tollwright_worker'), poolMax: 4 });
  portal = createDb({ connectionString: database.urlAs('tollwright_portal'), poolMax: 4 });
  state = createPostgresState({ connectionString: database.url });
  acme = await insertTenant(database.url, 'acme');
  other = await insertTenant(database.url, 'other');
  ctx = ingestContext({ db: portal, state, onError: console.error });
});

afterAll(async () => {
  await Promise.all([closeDb(portal), closeDb(db), closeDb(owner), state.close(), ctx.egress.close()]);
  await database.drop();
});

async function ingest(events: readonly UsageEvent[]): Promise<void> {
  const items = events.map((event, index) => ({
    sequence: sequence + index + 1,
    item: { kind: 'usage' as const, event },
  }));
  sequence += items.length;
  await state.inbox.append(SPOOL, items);
  await ingestSpool({ ...ctx, db }, SPOOL);
}

/** A call of 1,000 input tokens, 400 of them cached, and 100 output tokens, 60 of them reasoning, for 0.002 USD. */
function call(tenant: TenantIds, override: Partial<UsageEvent> = {}): UsageEvent {
  const model = override.data?.model ?? 'toll-small';
  return usageEventOf(tenant, {
    ...{ chargedNanoUsd: nanoUsd(2_000_000n), ratedNanoUsd: nanoUsd(2_000_000n) },
    ...{ occurredAt: '2026-11-20T10:07:00.000Z', ...override },
    data: {
      ...{ model, input_tokens: 1_000, cached_input_tokens: 400 },
      ...{ output_tokens: 100, reasoning_tokens: 60, ...override.data },
    },
  });
}

const costsOf = async (events: readonly UsageEvent[]) => {
  const ids = events.map(({ eventId }) => eventId);
  const rows = await withTenant(db, { providerId: events[0]?.providerId ?? '', customerId: '*' }, (tx) =>
    tx.usageEvent.findMany({ where: { eventId: { in: ids } } }),
  );
  return ids.map((id) => rows.find(({ eventId }) => eventId === id)?.costNanoUsd);
};

const small = {
  ...{ model: 'toll-small', inputUsdPerMillion: '2', cachedInputUsdPerMillion: '0.5' },
  ...{ outputUsdPerMillion: '8', reasoningUsdPerMillion: '10' },
};
/** 600 at 2, 400 at 0.5, 40 at 8, 60 at 10 dollars a million. */
const SMALL = 1_200_000n + 200_000n + 320_000n + 600_000n;

describe('costs of calls', () => {
  it('are not known before anything is said, and never nothing', async () => {
    const events = [call(acme)];
    await ingest(events);
    expect(await costsOf(events)).toEqual([null]);
  });

  it('come from the nearest table in force when the call was made, and stay what they were', async () => {
    const { providerId, apiId } = acme;
    await setCosts(ctx, SYSTEM, { providerId, models: [small], effectiveFrom: '2026-11-20T00:00:00Z' });
    await setCosts(ctx, SYSTEM, {
      ...{ providerId, apiId, callUsd: '0.001', effectiveFrom: '2026-11-20T12:00:00Z' },
    });
    await setCosts(ctx, SYSTEM, {
      ...{ providerId, routeId: acme.routeIds[1], callUsd: '0', effectiveFrom: '2026-11-20T12:00:00Z' },
    });
    const events = [
      call(acme, { occurredAt: '2026-11-19T23:59:59.999Z' }),
      call(acme, { occurredAt: '2026-11-20T00:00:00.000Z' }),
      call(acme, { occurredAt: '2026-11-20T12:00:00.000Z' }),
      call(acme, { occurredAt: '2026-11-20T12:00:00.000Z', routeId: acme.routeIds[1] }),
      call(acme, { data: { model: 'unheard-of' } }),
      call(acme, { data: { model: 'unheard-of', input_tokens: 0, output_tokens: 0 } }),
      call(other),
    ];
    await ingest(events);
    expect(await costsOf(events.slice(0, 6))).toEqual([null, SMALL, SMALL + 1_000_000n, SMALL, null, 0n]);
    expect(await costsOf(events.slice(6))).toEqual([null]);

    const dearer = { ...small, inputUsdPerMillion: '20' };
    await setCosts(ctx, SYSTEM, { providerId, models: [dearer], effectiveFrom: '2026-11-21T00:00:00Z' });
    const later = [call(acme), call(acme, { occurredAt: '2026-11-21T00:00:00.000Z' })];
    await ingest(later);
    expect(await costsOf(later)).toEqual([SMALL, SMALL + 10_800_000n + 1_000_000n]);
    expect(await costsOf(events.slice(1, 2))).toEqual([SMALL]);
  });

  it('add up in the roll-ups, which a rebuild makes again row by row', async () => {
    const rebuilt = await rebuildRollups({ db });
    expect(isUnchanged(rebuilt)).toBe(true);
    expect(rebuilt.after[0]?.figures).toMatchObject({ calls: 10n, costed_calls: 6n });
    await owner.$executeRawUnsafe(`UPDATE usage_rollup SET cost_nano_usd = cost_nano_usd + 1 WHERE costed_calls > 0`);
    expect(isUnchanged(await rebuildRollups({ db }))).toBe(false);
    expect(isUnchanged(await rebuildRollups({ db }))).toBe(true);
  });
});

describe('margin', () => {
  const KNOWN = 5n * SMALL + 2n * 1_000_000n + 10_800_000n;
  const total = {
    calls: 8,
    revenueNanoUsd: '16000000',
    costNanoUsd: `${KNOWN}`,
    marginNanoUsd: `${12_000_000n - KNOWN}`,
    uncostedCalls: 2,
    uncostedRevenueNanoUsd: '4000000',
  };

  it('is the revenue of the calls whose cost is known, minus that cost', async () => {
    const { providerId } = acme;
    const top = await marginTop(ctx, SYSTEM, { providerId, ...PERIOD, groupBy: 'model', orderBy: 'loss' });
    expect(top.total).toMatchObject(total);
    expect(top.groups.map(({ key, uncostedCalls }) => [key, uncostedCalls])).toEqual([
      ['toll-small', 1],
      ['unheard-of', 1],
    ]);
    const series = await marginSeries(ctx, SYSTEM, { providerId, ...PERIOD, interval: 'day' });
    expect(series.total).toEqual(top.total);
    expect(series.points.map(({ at, calls }) => [at, calls])).toEqual([
      ['2026-11-20T00:00:00.000Z', 7],
      ['2026-11-21T00:00:00.000Z', 1],
    ]);
  });

  it('is a share of revenue in basis points, rounded down, and none without revenue', async () => {
    const { providerId } = acme;
    const one = { providerId, ...PERIOD, groupBy: 'api' as const };
    const { groups } = await marginTop(ctx, SYSTEM, { ...one, from: '2026-11-21T00:00:00Z' });
    expect(groups[0]?.marginBasisPoints).toBe(-60_600);
    const { total: none } = await marginTop(ctx, SYSTEM, { ...one, model: 'nothing' });
    expect(none).toMatchObject({ calls: 0, marginBasisPoints: null, marginNanoUsd: '0' });
  });

  it('is told of single calls, the greatest loss first, those not known last', async () => {
    const { providerId } = acme;
    const { calls } = await marginCalls(ctx, SYSTEM, { providerId, ...PERIOD, limit: 50 });
    expect(calls).toHaveLength(8);
    expect(calls[0]).toMatchObject({
      ...{ occurredAt: '2026-11-21T00:00:00.000Z', revenueNanoUsd: '2000000', costNanoUsd: '14120000' },
      ...{ marginNanoUsd: '-12120000', customerId: acme.customerId },
    });
    expect(calls.slice(-2).map(({ costNanoUsd }) => costNanoUsd)).toEqual([null, null]);
    const [first] = calls;
    const only = await marginCalls(ctx, SYSTEM, { providerId, eventId: first?.eventId });
    expect(only.calls).toEqual([first]);
  });

  it("is of the provider's own calls, and of one customer where one is named", async () => {
    const asked = { ...PERIOD, groupBy: 'customer' as const };
    const others = await marginTop(ctx, SYSTEM, { providerId: other.providerId, ...asked });
    expect(others.total).toMatchObject({ calls: 1, uncostedCalls: 1 });
    const crossed = { providerId: other.providerId, ofCustomerId: acme.customerId };
    expect((await marginTop(ctx, SYSTEM, { ...crossed, ...asked })).total.calls).toBe(0);
    const { providerId, customerId } = acme;
    expect((await marginTop(ctx, SYSTEM, { providerId, ofCustomerId: customerId, ...asked })).total.calls).toBe(8);
  });
});

describe('what a customer may see', () => {
  it('is no cost table', async () => {
    const { providerId, customerId } = acme;
    expect(await withTenant(portal, { providerId, customerId }, (tx) => tx.costTable.count())).toBe(0);
    expect(await withTenant(portal, { providerId, customerId: '*' }, (tx) => tx.costTable.count())).toBe(4);
  });

  it('is no cost of its calls', async () => {
    const { providerId, customerId } = acme;
    const { calls } = await marginCalls(ctx, SYSTEM, { providerId, ...PERIOD, limit: 1 });
    const event = await getEvent(ctx, SYSTEM, { providerId, customerId, eventId: calls[0]?.eventId ?? '' });
    expect(JSON.stringify(event)).not.toContain(calls[0]?.costNanoUsd);
  });
});

describe('cost tables', () => {
  it('are never changed nor removed by the portal', async () => {
    const tenant = { providerId: acme.providerId, customerId: '*' };
    const update = withTenant(portal, tenant, (tx) => tx.costTable.updateMany({ data: { callUsd: '9' } }));
    await expect(update).rejects.toThrow(/permission denied/);
    await expect(withTenant(portal, tenant, (tx) => tx.costTable.deleteMany())).rejects.toThrow(/permission denied/);
  });

  it('are listed newest first, of an API with its routes', async () => {
    const { providerId, apiId } = acme;
    const { items } = await listCosts(ctx, SYSTEM, { providerId, apiId });
    expect(items.map(({ routeId, callUsd }) => [routeId, callUsd])).toEqual([
      [acme.routeIds[1], '0'],
      [null, '0.001'],
    ]);
  });

  it('come as CSV, and a line that is wrong is named', async () => {
    const { providerId } = acme;
    const csv = 'model,input_usd_per_million,output_usd_per_million\nnew-*,1,2\n';
    const { models } = await setCosts(ctx, SYSTEM, { providerId, csv });
    expect(models).toMatchObject([{ model: 'new-*', inputUsdPerMillion: '1', reasoningUsdPerMillion: null }]);
    await expect(setCosts(ctx, SYSTEM, { providerId, csv: `${csv}bad,1,x` })).rejects.toMatchObject({
      problem: {
        slug: 'invalid-input',
        detail: expect.stringContaining('line 3'),
        members: { errors: [{ path: 'csv', line: 3 }] },
      },
    });
    const twice = { providerId, csv, models: [] };
    await expect(setCosts(ctx, SYSTEM, twice)).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('name no model twice', async () => {
    const { providerId } = acme;
    await expect(setCosts(ctx, SYSTEM, { providerId, models: [small, small] })).rejects.toMatchObject({
      problem: { members: { errors: [{ path: 'models.1.model' }] } },
    });
  });
});
