import { createBatcher } from '@tollwright/state';
import type { ServicesHarness, World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { listIncidents } from '../incident/list.ts';
import { closeLostSpools, closesAtMs } from './close-lost.ts';
import { keepEpoch } from './keep-epoch.ts';
import { type HarnessStore, type LossStage, openLossStage, STORES } from './stores-harness.ts';

const DAY_MS = 86_400_000;

describe('closesAtMs', () => {
  it('is 72 hours after the end of the month in which a gateway was last heard of', () => {
    expect(closesAtMs(Date.parse('2026-02-01T00:00:00.000Z'))).toBe(Date.parse('2026-03-04T00:00:00.000Z'));
    expect(closesAtMs(Date.parse('2026-02-28T23:59:59.999Z'))).toBe(Date.parse('2026-03-04T00:00:00.000Z'));
    expect(closesAtMs(Date.parse('2026-03-01T00:00:00.000Z'))).toBe(Date.parse('2026-04-04T00:00:00.000Z'));
  });
});

describe.each(STORES)('closeLostSpools on %s', (_, openStore) => {
  let stage: LossStage;
  let harness: ServicesHarness;
  let store: HarnessStore;
  let ctx: ServiceContext;
  let acme: World;
  let other: World;
  let tag: string;
  beforeAll(async () => {
    stage = await openLossStage(openStore);
    ({ harness, store, ctx, acme, other, tag } = stage);
  });
  afterAll(() => stage?.close());

  /** Makes a gateway look as if it had registered, and been looked for, so long ago and never reported. */
  async function silence(spoolId: string, forMs: number): Promise<void> {
    const { owner } = harness;
    await closeLostSpools(ctx);
    const at = new Date(Date.now() - forMs);
    await owner.$executeRaw`UPDATE spool_watermark SET registered_at = ${at} WHERE spool_id = ${spoolId}`;
    await owner.$executeRaw`UPDATE spool_report SET first_at = ${at}, reported_at = NULL WHERE spool_id = ${spoolId}`;
    await owner.$executeRaw`UPDATE spool_survey SET since_at = ${at}`;
  }
  const register = async (spoolId: string) => {
    await store.state.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
    await keepEpoch(ctx);
  };
  const incidents = async (world: World) =>
    (await listIncidents(harness.ctx, world.viewer, { providerId: world.providerId })).items;
  const isOpen = async (spoolId: string) =>
    (await store.own.spools.list()).some((spool) => spool.spoolId === spoolId && spool.closedAtMs === null);

  it('tells every provider of a gateway that is silent for 72 hours, once, and takes it back when it reports', async () => {
    await register('spl_quiet');
    await silence('spl_quiet', 3 * DAY_MS - 60_000);
    expect(await closeLostSpools(ctx)).toEqual({ silent: [], closed: [] });
    expect(await incidents(acme)).toEqual([]);
    await silence('spl_quiet', 3 * DAY_MS + 60_000);
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await closeLostSpools(ctx)).silent).toEqual(['spl_quiet']);
    }
    for (const world of [acme, other]) {
      expect(await incidents(world)).toMatchObject([
        {
          ...{ kind: 'silent-gateway', customerId: null, resolvedAt: null },
          detail: { spoolId: 'spl_quiet', closedAt: null },
        },
      ]);
    }
    await store.state.spools.report('spl_quiet', { sequence: 0, sinceMs: await store.own.nowMs() });
    expect((await closeLostSpools(ctx)).silent).toEqual([]);
    expect(await incidents(acme)).toMatchObject([{ resolvedAt: expect.any(String) }]);
    await store.own.spools.close('spl_quiet');
    await keepEpoch(ctx);
  });

  it('closes one 72 hours after the end of its month: what it held counts as spent', async () => {
    await register('spl_gone');
    const { epoch } = await store.state.epochs.current();
    const batcher = createBatcher({ counters: store.state.counters, spoolId: 'spl_gone', epoch });
    const held = await batcher.reserve(tag, {
      ...{ kind: 'reserve', callId: 'evt-gone', versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000 },
      ...{
        reason: 'a call',
        nodes: [{ node: 'budget:own', kind: 'budget', period: 'month', limit: 100n, amount: 40n }],
      },
    });
    expect(held.kind).toBe('granted');
    await silence('spl_gone', 40 * DAY_MS);
    // Nobody looked until now: it may have reported all the time.
    await harness.owner.$executeRaw`UPDATE spool_survey SET since_at = looked_at`;
    expect(await closeLostSpools(ctx)).toEqual({ silent: [], closed: [] });
    expect(await isOpen('spl_gone')).toBe(true);

    await silence('spl_gone', 40 * DAY_MS);
    expect(await closeLostSpools(ctx)).toEqual({ silent: ['spl_gone'], closed: ['spl_gone'] });
    expect(await isOpen('spl_gone')).toBe(false);
    expect(await store.own.counters.read(tag)).toMatchObject([{ node: 'budget:own', spent: 40n, held: 0n }]);
    const found = await incidents(acme);
    expect(found.filter(({ kind }) => kind === 'write-off')).toMatchObject([
      { customerId: acme.customerId, detail: { spoolId: 'spl_gone', holds: [{ callId: 'evt-gone' }] } },
    ]);
    await keepEpoch(ctx);
    expect((await closeLostSpools(ctx)).silent).toEqual([]);
    const told = (await incidents(other)).filter(({ resolvedAt }) => resolvedAt === null);
    expect(told).toMatchObject([
      { kind: 'silent-gateway', detail: { spoolId: 'spl_gone', closedAt: expect.any(String) } },
    ]);
    batcher.stop();
  });

  it('closes one that keeps the store closed', async () => {
    await register('spl_awaited');
    await store.own.epochs.raise((await store.own.epochs.current()).epoch, 'a test');
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'waiting', waitingFor: ['spl_awaited'] });
    await silence('spl_awaited', 40 * DAY_MS);
    expect(await closeLostSpools(ctx)).toEqual({ silent: ['spl_awaited'], closed: [] });
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'opened' });
    expect(await closeLostSpools(ctx)).toEqual({ silent: ['spl_awaited'], closed: ['spl_awaited'] });
    expect(await isOpen('spl_awaited')).toBe(false);
  });
});
