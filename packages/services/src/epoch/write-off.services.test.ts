import { periodAt } from '@tollwright/core';
import { createBatcher, StateRejected } from '@tollwright/state';
import { type ServicesHarness, type World, worldEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceContext } from '../context.ts';
import { listIncidents } from '../incident/list.ts';
import { keepEpoch } from './keep-epoch.ts';
import { type HarnessStore, type LossStage, openLossStage, STORES } from './stores-harness.ts';
import { writeOffSpool } from './write-off.ts';

const NODE = 'budget:own';
const LIMIT = 1_000n;

describe.each(STORES)('writeOffSpool on %s', (_, openStore) => {
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

  /** A gateway that has got the given holds, and what it may still send. */
  async function gateway(spoolId: string, holds: Readonly<Record<string, bigint>>) {
    const { state } = store;
    await state.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
    const { epoch } = await state.epochs.current();
    const batcher = createBatcher({ counters: state.counters, spoolId, epoch });
    const reserve = (callId: string, amount: bigint) =>
      batcher.reserve(tag, {
        ...{ kind: 'reserve', callId, versions: {}, windows: [], deadlineAtMs: 4_000_000_000_000, reason: 'a call' },
        nodes: [{ node: NODE, kind: 'budget', period: 'month', limit: LIMIT, amount }],
      });
    for (const [callId, amount] of Object.entries(holds)) {
      expect((await reserve(callId, amount)).kind).toBe('granted');
    }
    return { batcher, reserve };
  }

  function eventOf(eventId: string, amount: bigint) {
    const periodId = periodAt('month', Date.now()).id;
    const occurredAt = new Date().toISOString();
    return worldEventOf(acme, { eventId, occurredAt, charges: [{ node: NODE, periodId, amount }] });
  }

  const incidents = async () => (await listIncidents(harness.ctx, acme.viewer, { providerId: acme.providerId })).items;

  it('what has an event is charged by it, the rest counts as spent; the paused process is superseded', async () => {
    const { batcher, reserve } = await gateway('spl_lost', { 'evt-done': 100n, 'evt-one': 200n, 'evt-two': 50n });
    await store.state.inbox.append('spl_lost', [
      { sequence: 1, item: { kind: 'usage', event: eventOf('evt-done', 30n) } },
    ]);
    await expect(store.own.spools.close('spl_lost')).rejects.toBeInstanceOf(StateRejected);
    const usage = () =>
      harness.owner.$queryRaw`SELECT count(*)::int AS n, sum(charged_nano_usd)::text FROM usage_rollup`;
    expect(await writeOffSpool(ctx, 'spl_lost')).toEqual({ kind: 'closed', settled: 1, writtenOff: 2, customers: 1 });
    const counted = await usage();
    expect(await writeOffSpool(ctx, 'spl_lost')).toEqual({ kind: 'closed', settled: 0, writtenOff: 0, customers: 0 });

    expect(await store.own.counters.read(tag)).toMatchObject([{ node: NODE, spent: 280n, held: 0n }]);
    expect(await store.own.counters.holds({ spoolId: 'spl_lost' })).toEqual([]);
    expect(await usage()).toEqual(counted);
    const periodId = periodAt('month', Date.now()).id;
    expect(await incidents()).toMatchObject([
      {
        ...{ kind: 'write-off', customerId: acme.customerId, resolvedAt: null },
        detail: {
          spoolId: 'spl_lost',
          charges: [{ node: NODE, periodId, amount: '250' }],
          holds: [
            { callId: 'evt-one', nodes: [{ node: NODE, amount: '200' }] },
            { callId: 'evt-two', nodes: [{ amount: '50' }] },
          ],
        },
      },
    ]);
    await expect(reserve('evt-late', 1n)).rejects.toMatchObject({ name: 'Superseded' });
    batcher.stop();
    expect((await listIncidents(harness.ctx, other.viewer, { providerId: other.providerId })).items).toEqual([]);
  });

  it('what was written off stays spent when counters are restored, unless the call turns up; a lost gateway is not waited for', async () => {
    const { batcher } = await gateway('spl_gone', { 'evt-three': 20n });
    const { epoch } = await store.own.epochs.current();
    await store.own.epochs.raise(epoch, 'a test');
    const reported = await writeOffSpool(ctx, 'spl_gone');
    expect(reported).toEqual({ kind: 'reported', settled: 0, writtenOff: 1, customers: 1 });
    // The disk of the first machine came back after all.
    await store.state.inbox.append('spl_lost', [
      { sequence: 2, item: { kind: 'usage', event: eventOf('evt-two', 10n) } },
    ]);
    await writeOffSpool(ctx, 'spl_lost');
    expect(await keepEpoch(ctx)).toMatchObject({ kind: 'opened' });
    expect(await store.own.counters.read(tag)).toMatchObject([{ spent: 30n + 200n + 10n + 20n, held: 0n }]);
    expect(await writeOffSpool(ctx, 'spl_gone')).toMatchObject({ kind: 'closed', writtenOff: 0 });
    expect(await incidents()).toHaveLength(2);
    batcher.stop();
  });
});
