import type { ApiSnapshot } from '@tollwright/contracts';
import { creditNodeOf, nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

const CALL_PRICE = 10_000_000n;

let stage: Stage;
let one: GatewayProcess;
let two: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  const { plans } = stage.sample;
  await stage.publish({ plans: plans.map(prepaid) });
  [one, two] = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
});
afterAll(() => stage?.close());

/** The plan `flat` at 0.01 USD a call, out of credit. */
function prepaid(plan: ApiSnapshot['plans'][number]): ApiSnapshot['plans'][number] {
  const pack = {
    key: 'starter',
    name: 'Starter',
    ...{ priceNanoUsd: nanoUsd(5_000_000_000n), creditNanoUsd: nanoUsd(6_000_000_000n) },
  };
  return plan.planKey === 'flat' ? { ...plan, terms: { ...plan.terms, prepaid: { packs: [pack] } } } : plan;
}

const call = (gateway: GatewayProcess, key: string, path = '/weather') =>
  fetch(`${gateway.url}/acme/llm${path}`, { headers: bearer(key) });

/** A customer of the prepaid plan that has paid in for so many calls. */
function subscribe(customerId: string, calls: bigint, version = 1, key?: string): Promise<string> {
  const credit = { node: creditNodeOf(customerId, true), limitNanoUsd: calls * CALL_PRICE };
  const known = key === undefined ? {} : { key };
  return stage.subscribe(customerId, { planVersionId: 'plv_flat', version, record: { credit }, ...known });
}

async function spentOf(customerId: string): Promise<bigint | undefined> {
  const nodes = await stage.state.counters.read(`c:${customerId}`);
  return nodes.find(({ node }) => node === creditNodeOf(customerId, true))?.spent;
}

describe('credit', () => {
  it('of 50 calls is 50 calls, of 200 at once over two gateways', async () => {
    const key = await subscribe('cus_fifty', 50n);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => call(at % 2 === 0 ? one : two, key)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(new Set(statuses)).toEqual(new Set([200, ...statuses.filter((status) => status === 402 || status === 429)]));
    await expect.poll(() => spentOf('cus_fifty')).toBe(50n * CALL_PRICE);
    expect((await call(two, key)).status).toBe(402);
  });

  it('that is used up says where to pay in, and in what', async () => {
    const key = await subscribe('cus_empty', 1n);
    expect((await call(one, key)).status).toBe(200);
    await expect.poll(() => spentOf('cus_empty')).toBe(CALL_PRICE);
    expect(await problemOf(await call(one, key))).toMatchObject({
      ...{ slug: 'credits-exhausted', status: 402, remaining: '0', exhausted: 'credit:cus_empty:live' },
      topUpUrl: 'http://gateway.test/acme/llm/_tw/credits?amount={usd}',
      creditPacks: [
        {
          ...{ key: 'starter', name: 'Starter', priceUsd: '5.00', creditUsd: '6.00' },
          topUpUrl: 'http://gateway.test/acme/llm/_tw/credits?pack=starter',
        },
      ],
    });
  });

  it('that was never paid in is none, and free pages tell it', async () => {
    const key = await stage.subscribe('cus_never', { planVersionId: 'plv_flat' });
    expect(await problemOf(await call(one, key))).toMatchObject({ slug: 'credits-exhausted', remaining: '0' });
    const balance = await (await call(one, key, '/_tw/credits')).json();
    expect(balance).toMatchObject({ paidInNanoUsd: '0', remainingUsd: '0.00', creditPacks: [{ key: 'starter' }] });
    const me = (await (await call(one, key, '/_tw/me')).json()) as { credit: object };
    expect(me.credit).toEqual({ ...me.credit, node: 'credit:cus_never:live', remainingNanoUsd: '0' });
  });

  it('that is paid in holds for the next call of every gateway', async () => {
    const key = await subscribe('cus_grows', 1n);
    expect((await call(one, key)).status).toBe(200);
    await expect.poll(() => spentOf('cus_grows')).toBe(CALL_PRICE);
    expect([(await call(one, key)).status, (await call(two, key)).status]).toEqual([402, 402]);
    await subscribe('cus_grows', 3n, 2, key);
    expect([(await call(one, key)).status, (await call(two, key)).status]).toEqual([200, 200]);
    await expect.poll(() => spentOf('cus_grows')).toBe(3n * CALL_PRICE);
    expect((await call(two, key)).status).toBe(402);
  });

  it('is not asked for by other plans', async () => {
    const key = await stage.subscribe('cus_invoiced', { planVersionId: 'plv_pro' });
    expect((await call(one, key)).status).toBe(200);
    expect(await problemOf(await call(one, key, '/_tw/credits'))).toMatchObject({ slug: 'not-entitled' });
  });
});
