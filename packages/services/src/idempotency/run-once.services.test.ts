import { openServicesHarness, type ServicesHarness } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { runOnce } from './run-once.ts';

let harness: ServicesHarness;
beforeAll(async () => {
  harness = await openServicesHarness();
});
afterAll(() => harness.close());

const ada: Actor = { kind: 'user', userId: 'usr_ada' };
const bob: Actor = { kind: 'user', userId: 'usr_bob' };
const request = (key: string, fingerprint = 'POST /keys {}') => ({ key, fingerprint });
const answer = (body: string) => async () => ({ status: 201, body });

describe('runOnce', () => {
  it('runs once and gives the first answer again', async () => {
    expect(await runOnce(harness.ctx, ada, request('a'), answer('one'))).toMatchObject({
      body: 'one',
      replayed: false,
    });
    const again = await runOnce(harness.ctx, ada, request('a'), answer('two'));
    expect(again).toEqual({ status: 201, body: 'one', replayed: true });
  });

  it("keeps one actor's keys apart from another's", async () => {
    expect(await runOnce(harness.ctx, bob, request('a'), answer('bob'))).toMatchObject({
      body: 'bob',
      replayed: false,
    });
  });

  it('refuses another request under the same key', async () => {
    const attempt = runOnce(harness.ctx, ada, request('a', 'POST /keys {"x":1}'), answer('x'));
    await expect(attempt).rejects.toMatchObject({ problem: { slug: 'idempotency-mismatch' } });
  });

  it('of ten at once, runs one', async () => {
    let runs = 0;
    const slow = async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { status: 200, body: 'slow' };
    };
    const all = Array.from({ length: 10 }, () => runOnce(harness.ctx, ada, request('b'), slow));
    const outcomes = await Promise.allSettled(all);
    expect(runs).toBe(1);
    const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(given.filter((value) => !value.replayed)).toHaveLength(1);
    expect(new Set(given.map((value) => value.body))).toEqual(new Set(['slow']));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ problem: { slug: 'conflict' } });
    }
  });

  it('forgets a run that failed', async () => {
    const failing = runOnce(harness.ctx, ada, request('c'), () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await runOnce(harness.ctx, ada, request('c'), answer('yes'))).toMatchObject({
      body: 'yes',
      replayed: false,
    });
  });

  it('stores answers sealed', async () => {
    await runOnce(harness.ctx, ada, request('d'), answer('{"key":"tw_live_secret"}'));
    const rows = await harness.owner.idempotencyRecord.findMany();
    expect(JSON.stringify(rows)).not.toContain('tw_live_secret');
  });
});
