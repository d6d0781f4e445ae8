import type { StatePort } from '@tollwright/state';
import { createWorld, openServicesHarness, type ServicesHarness, type World, worldEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { keepEpoch } from '../epoch/keep-epoch.ts';
import { STORES } from '../epoch/stores-harness.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { lowWatermark } from './low-watermark.ts';
import { noteReports } from './note-reports.ts';
import { CLOCK_SLACK_MS } from './progress.ts';

describe.each(STORES)('lowWatermark on %s', (_, openStore) => {
  let harness: ServicesHarness;
  let ctx: ServiceContext;
  let gateways: StatePort;
  let close: () => Promise<void>;
  let acme: World;
  beforeAll(async () => {
    harness = await openServicesHarness();
    acme = await createWorld(harness, 'acme');
    const store = await openStore(harness);
    ({ state: gateways, close } = store);
    ctx = { ...harness.workerCtx, state: store.own };
    for (const { spoolId } of await ctx.state.spools.list()) await ctx.state.spools.close(spoolId);
    for (let turn = 0; turn < 3; turn += 1) await keepEpoch(ctx);
  });
  afterAll(async () => {
    await close();
    await harness.close();
  });

  const register = (spoolId: string) => gateways.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
  const ship = (spoolId: string, sequence: number) => {
    const event = worldEventOf(acme, {
      ...{ eventId: `${spoolId}-${sequence}`, occurredAt: new Date().toISOString(), charges: [] },
    });
    return gateways.inbox.append(spoolId, [{ sequence, item: { kind: 'usage', event } }]);
  };
  /** As the worker finds it now, with what is left for a clock that is set back. */
  async function look(): Promise<number> {
    await keepEpoch(ctx);
    await noteReports(ctx);
    return ((await lowWatermark(ctx))?.atMs ?? Number.NaN) + CLOCK_SLACK_MS;
  }

  it('follows the clock while there are no gateways, and waits for the oldest call that is not in Postgres', async () => {
    expect(await lowWatermark({ db: harness.workerCtx.db })).toBeNull();
    const before = await ctx.state.nowMs();
    expect(await look()).toBeGreaterThanOrEqual(before);

    const [busy, idle] = ['spl_busy', 'spl_idle'];
    for (const spoolId of [busy, idle]) await register(spoolId);
    const registered = await look();
    expect(registered).toBeGreaterThanOrEqual(before);
    expect(await look()).toBe(registered);

    const now = await ctx.state.nowMs();
    await gateways.spools.report(idle, { sequence: 0, sinceMs: now });
    await gateways.spools.report(busy, { sequence: 2, sinceMs: now - 1 });
    expect(await look()).toBe(registered);
    await ship(busy, 1);
    await ingestSpool(ctx, busy);
    expect(await look()).toBe(registered);
    await ship(busy, 2);
    // Newer calls are under way; the report that waits is not forgotten for them.
    await gateways.spools.report(busy, { sequence: 7, sinceMs: now + 1 });
    await ingestSpool(ctx, busy);
    expect(await look()).toBe(now - 1);

    await gateways.spools.report(busy, { sequence: 2, sinceMs: now + 5 });
    for (let sequence = 3; sequence <= 7; sequence += 1) await ship(busy, sequence);
    await ingestSpool(ctx, busy);
    expect(await look()).toBe(now);
    await ctx.state.spools.close(idle);
    expect(await look()).toBe(now + 5);
  });

  it('a lost store moves nothing until its epoch is open, and what it forgot is not forgotten', async () => {
    const before = await look();
    const { epoch } = await ctx.state.epochs.raise((await ctx.state.epochs.current()).epoch, 'a test');
    await gateways.spools.report('spl_busy', { sequence: 7, sinceMs: await ctx.state.nowMs() });
    const noted = async () => (await harness.owner.spoolSurvey.findMany())[0]?.notedAt?.getTime();
    const notedBefore = await noted();
    expect(await look()).toBeGreaterThanOrEqual(before);
    expect(await noted()).toBe(notedBefore);
    await ctx.state.epochs.rejoin({ epoch, spoolId: 'spl_busy', sequence: 7, holds: [], claims: [] });
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'opened' });
    await look();
    expect(await noted()).toBeGreaterThan(notedBefore ?? 0);
  });

  it('names a gateway that does not report, once it was looked for long enough', async () => {
    await register('spl_silent');
    await look();
    await gateways.spools.report('spl_busy', { sequence: 7, sinceMs: await ctx.state.nowMs() });
    await harness.owner.$executeRaw`UPDATE spool_watermark SET registered_at = registered_at - interval '1 day'
      WHERE spool_id = 'spl_silent'`;
    await look();
    // It registered long ago, and has been looked for only now: it may be of a release that does not report.
    await harness.owner.$executeRaw`UPDATE spool_survey SET since_at = since_at - interval '1 hour'`;
    expect((await lowWatermark(ctx))?.silent).toEqual([]);
    await harness.owner.$executeRaw`UPDATE spool_report SET first_at = first_at - interval '1 hour'`;
    await harness.owner.$executeRaw`UPDATE spool_survey SET since_at = looked_at`;
    expect((await lowWatermark(ctx))?.silent).toEqual([]);
    await harness.owner.$executeRaw`UPDATE spool_survey SET since_at = since_at - interval '1 hour'`;
    const silent = (await lowWatermark(ctx))?.silent ?? [];
    expect(silent.map(({ spoolId }) => spoolId)).toEqual(['spl_silent']);
    await gateways.spools.report('spl_silent', { sequence: 0, sinceMs: await ctx.state.nowMs() });
    await look();
    expect((await lowWatermark(ctx))?.silent).toEqual([]);
  });
});
