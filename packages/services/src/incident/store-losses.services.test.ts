import { nanoUsd } from '@tollwright/core';
import { createWorld, openServicesHarness, type ServicesHarness, type World, worldEventOf } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepEpoch } from '../epoch/keep-epoch.ts';
import { setCosts } from '../margin/set-costs.ts';
import { ingestSpool } from '../usage/ingest.ts';
import { noteReports } from '../watermark/note-reports.ts';
import { listIncidents } from './list.ts';
import { storeLosses } from './store-losses.ts';

const DAY_MS = 86_400_000;

let harness: ServicesHarness;
let acme: World;
let other: World;
let today: number;
let sequence = 0;

beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  today = Math.floor((await harness.workerCtx.state.nowMs()) / DAY_MS) * DAY_MS;
  const effectiveFrom = new Date(today - 30 * DAY_MS).toISOString();
  await setCosts(harness.ctx, acme.owner, { providerId: acme.providerId, callUsd: '0.001', effectiveFrom });
});
afterAll(() => harness?.close());

async function call(world: World, atMs: number, model: string, chargedNanoUsd: bigint): Promise<void> {
  sequence += 1;
  const event = worldEventOf(world, {
    ...{ eventId: `evt-loss-${sequence}`, occurredAt: new Date(atMs).toISOString(), charges: [] },
    ...{ chargedNanoUsd: nanoUsd(chargedNanoUsd), data: { model, input_tokens: 1, output_tokens: 1 } },
  });
  await harness.gatewayState.inbox.append('spl-losses', [{ sequence, item: { kind: 'usage', event } }]);
  await ingestSpool(harness.workerCtx, 'spl-losses');
}

const losses = async ({ owner, providerId }: World) =>
  (await listIncidents(harness.ctx, owner, { providerId })).items.filter(({ kind }) => kind === 'loss');

describe('storeLosses', () => {
  it('tells of nothing before it is known how far all gateways have come', async () => {
    expect(await storeLosses(harness.workerCtx)).toEqual({ until: '', opened: 0 });
  });

  it('tells of a day that ended with costs above revenue, by API and model, and of no other', async () => {
    const yesterday = today - DAY_MS;
    await call(acme, yesterday, 'dear', 400_000n);
    await call(acme, yesterday + DAY_MS - 1, 'dear', 500_000n);
    await call(acme, yesterday, 'even', 1_000_000n);
    await call(acme, today, 'dear', 0n);
    await call(other, yesterday, 'dear', 0n);
    for (const { spoolId } of await harness.workerCtx.state.spools.list()) {
      await harness.workerCtx.state.spools.close(spoolId);
    }
    for (let turn = 0; turn < 3; turn += 1) await keepEpoch(harness.workerCtx);
    await noteReports(harness.workerCtx);
    const stored = await storeLosses(harness.workerCtx);
    expect(stored).toEqual({ until: new Date(today).toISOString(), opened: 1 });
    expect(await losses(acme)).toMatchObject([
      {
        customerId: null,
        detail: {
          ...{ apiId: acme.apiId, day: new Date(yesterday).toISOString().slice(0, 10), model: 'dear', calls: 2 },
          ...{ livemode: true, revenueNanoUsd: '900000', costNanoUsd: '2000000' },
        },
      },
    ]);
    expect(await losses(other)).toEqual([]);
  });

  it('tells of it once, whoever looks again', async () => {
    const until = new Date(today).toISOString();
    expect(await storeLosses(harness.workerCtx)).toEqual({ until, opened: 0 });
    expect(await storeLosses(harness.workerCtx, until)).toEqual({ until, opened: 0 });
    expect(await losses(acme)).toHaveLength(1);
  });

  it('is no affair of customers', async () => {
    const { items } = await listIncidents(harness.ctx, acme.customerOwner, acme.target);
    expect(items.filter(({ kind }) => kind === 'loss')).toEqual([]);
  });
});
