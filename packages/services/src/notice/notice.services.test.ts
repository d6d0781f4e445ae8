import type { Notice, UsageEvent } from '@tollwright/contracts';
import { createWorld, openServicesHarness, type ServicesHarness, type World, worldEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestSpool } from '../usage/ingest.ts';
import { listNotices } from './list.ts';

let harness: ServicesHarness;
let acme: World;
let other: World;
beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
});
afterAll(() => harness.close());

function threshold(node: string, percent: number, periodId = '2026-11'): Notice {
  return {
    kind: 'threshold',
    id: `${node}:${periodId}:${percent}`,
    node,
    periodId,
    percent,
    limit: '1000',
    used: '950',
  };
}

/** Ships events as a gateway's spool does, and lets the worker store them. */
async function ship(spoolId: string, events: readonly UsageEvent[]): Promise<void> {
  const items = events.map((event, index) => ({ sequence: index + 1, item: { kind: 'usage' as const, event } }));
  await harness.gatewayState.inbox.append(spoolId, items);
  expect(await ingestSpool(harness.workerCtx, spoolId)).toMatchObject({ kind: 'ingested', rejected: 0 });
}

describe('notices', () => {
  it('are stored once, whichever gateways noticed the threshold, and again in the next period', async () => {
    const node = `budget:${acme.budgetId}`;
    await ship('spl_one', [
      worldEventOf(acme, {
        notices: [threshold(node, 50), threshold(node, 80)],
        occurredAt: '2026-11-20T10:00:00.000Z',
      }),
    ]);
    await ship('spl_two', [
      worldEventOf(acme, {
        notices: [threshold(node, 80), threshold(node, 95)],
        occurredAt: '2026-11-20T10:00:01.000Z',
      }),
      worldEventOf(acme, { notices: [threshold(node, 50, '2026-12')], occurredAt: '2026-12-01T00:00:00.000Z' }),
      worldEventOf(acme, {}),
    ]);
    const { items } = await listNotices(harness.ctx, acme.customerOwner, acme.target);
    const stored = items.map(({ periodId, percent }) => `${periodId} ${percent}`);
    expect(stored.slice(0, 2)).toEqual(['2026-12 50', '2026-11 95']);
    // One call reached both of these: neither is the newer one.
    expect(stored.slice(2).sort()).toEqual(['2026-11 50', '2026-11 80']);
    const about = { kind: 'budget', budgetId: acme.budgetId, subject: 'agent', subjectId: acme.agentId, used: '950' };
    expect(items[0]).toMatchObject({ ...about, customerId: acme.customerId, limit: '1000' });
  });

  it('name the quota that was used up', async () => {
    await ship('spl_quota', [
      worldEventOf(acme, { notices: [threshold(`quota:plan:${acme.customerId}:calls@2026`, 100)] }),
    ]);
    const { items } = await listNotices(harness.ctx, acme.customerOwner, acme.target);
    expect(items.find(({ kind }) => kind === 'quota')).toMatchObject({ name: 'calls', budgetId: null, percent: 100 });
  });

  it('are read by the provider for all its customers, in pages, and by nobody of another one', async () => {
    const { providerId } = acme;
    const first = await listNotices(harness.ctx, acme.viewer, { providerId, limit: 3 });
    const cursor = first.nextCursor ?? '';
    const second = await listNotices(harness.ctx, acme.viewer, { providerId, limit: 3, cursor });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(5);
    expect((await listNotices(harness.ctx, other.viewer, { providerId: other.providerId })).items).toEqual([]);
    const foreign = listNotices(harness.ctx, other.owner, { providerId });
    await expect(foreign).rejects.toMatchObject({ problem: { slug: 'not-found' } });
  });
});
