import { createBatcher, createPostgresState } from '@tollwright/state';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepEpoch } from '../epoch/keep-epoch.ts';
import { listHolds } from './list.ts';

const SPOOL = 'spl_one';
const DEADLINE_MS = 4_000_000_000_000;

let harness: ServicesHarness;
let acme: World;
let other: World;
let batcher: ReturnType<typeof createBatcher>;
beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  const { counters, spools, epochs } = harness.gatewayState;
  await spools.register({ spoolId: SPOOL, bootId: 'b', host: 'h', url: 'u' });
  await keepEpoch(harness.workerCtx);
  const { epoch } = await epochs.current();
  batcher = createBatcher({ counters, spoolId: SPOOL, epoch });
});
afterAll(async () => {
  batcher?.stop();
  await harness.close();
});

/** As a gateway does before it forwards a call. */
async function reserve(callId: string, amount: bigint): Promise<void> {
  const reply = await batcher.reserve(`c:${acme.customerId}`, {
    ...{
      kind: 'reserve',
      callId,
      versions: {},
      windows: [],
      deadlineAtMs: DEADLINE_MS,
      reason: 'createChatCompletion',
    },
    nodes: [
      { node: `budget:${acme.budgetId}`, kind: 'budget', period: 'total', limit: 1_000n, amount },
      { node: 'quota:plan:calls', kind: 'quota', period: 'month', limit: 10n, amount: 1n },
    ],
  });
  expect(reply.kind).toBe('granted');
}

describe('the holds of a customer', () => {
  it('are shown to it and to its provider while calls run, and to nobody else', async () => {
    const before = Date.now() - 60_000;
    expect(await listHolds(harness.ctx, acme.customerOwner, acme.target)).toEqual({ items: [], nextCursor: null });
    await reserve(`${SPOOL}-1`, 40n);
    const page = await listHolds(harness.ctx, acme.customerOwner, acme.target);
    expect(page).toMatchObject({
      items: [
        {
          ...{ callId: `${SPOOL}-1`, spoolId: SPOOL, reason: 'createChatCompletion' },
          nodes: [
            { node: `budget:${acme.budgetId}`, amount: '40' },
            { node: 'quota:plan:calls', periodId: expect.stringMatching(/^\d{4}-\d\d$/), amount: '1' },
          ],
          deadline: new Date(DEADLINE_MS).toISOString(),
        },
      ],
      nextCursor: null,
    });
    const since = Date.parse(page.items[0]?.since ?? '');
    expect(since > before && since < Date.now() + 60_000).toBe(true);
    expect(await listHolds(harness.ctx, acme.viewer, acme.target)).toEqual(page);
    expect(await listHolds(harness.ctx, other.customerOwner, other.target)).toEqual({ items: [], nextCursor: null });
    const foreign = listHolds(harness.ctx, other.owner, acme.target);
    await expect(foreign).rejects.toMatchObject({ problem: { slug: 'not-found' } });
    await batcher.settle(`c:${acme.customerId}`, {
      ...{ kind: 'settle', callId: `${SPOOL}-1` },
      charges: { [`budget:${acme.budgetId}`]: 7n },
    });
    expect((await listHolds(harness.ctx, acme.customerOwner, acme.target)).items).toEqual([]);
  });

  it('come in pages, the oldest first, each once', async () => {
    const calls = ['2', '3', '4', '5', '6'].map((number) => `${SPOOL}-${number}`);
    for (const callId of calls) await reserve(callId, 1n);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listHolds(harness.ctx, acme.owner, {
        ...acme.target,
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ callId }) => callId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(calls);
    const broken = listHolds(harness.ctx, acme.owner, { ...acme.target, cursor: 'nonsense' });
    await expect(broken).rejects.toMatchObject({ problem: { slug: 'invalid-input' } });
  });

  it('are not known while the store does not answer', async () => {
    const state = createPostgresState({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing', poolMax: 1 });
    const asked = listHolds({ ...harness.ctx, state }, acme.customerOwner, acme.target);
    await expect(asked).rejects.toMatchObject({ problem: { slug: 'state-unavailable' } });
    await state.close();
  });
});
