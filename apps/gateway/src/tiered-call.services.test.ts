import type { ApiSnapshot } from '@tollwright/contracts';
import { parseUsd } from '@tollwright/core';
import { type RedisServer, startRedis } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, foundStore, type GatewayProcess, openStage, type Stage } from './gateway-harness.ts';

const MONTH = /^\d{4}-\d\d$/;
type Card = ApiSnapshot['plans'][number]['terms']['rateCards'][number];
const graduated: Card['price'] = {
  kind: 'graduated',
  meter: 'requests',
  tiers: [
    { upTo: 2n, usdPerUnit: '0.01', flatUsd: '0' },
    { upTo: null, usdPerUnit: '0.001', flatUsd: '0.5' },
  ],
};
const volume: Card['price'] = {
  kind: 'volume',
  meter: 'requests',
  tiers: [
    { upTo: 2n, usdPerUnit: '0.01', flatUsd: '0' },
    { upTo: null, usdPerUnit: '0.001', flatUsd: '0.5' },
  ],
};
const packages: Card['price'] = { kind: 'package', meter: 'requests', units: 3n, usdPerPackage: '0.3' };
const perUnit: Card['price'] = { kind: 'per-unit', meter: 'requests', usdPerUnit: '0.01' };
const card = (price: Card['price'], more: Partial<Card> = {}): Card => ({
  key: 'calls',
  name: 'Calls',
  price,
  ...more,
});
const planOf = (planKey: string, rateCards: readonly Card[]) => ({
  ...{ planVersionId: `plv_${planKey}`, planKey, version: 1 },
  terms: {
    ...{
      currency: 'usd' as const,
      billingPeriod: 'month' as const,
      rateLimit: null,
      quotas: [],
      outputTokensMax: 1_000,
    },
    ...{ rateCards: [...rateCards], policies: [], prepaid: null },
    defaultKeyBudget: { limitNanoUsd: parseUsd('5'), period: 'month' as const },
  },
});
const requests = {
  slug: 'requests',
  eventType: 'request',
  aggregation: 'COUNT' as const,
  valueProperty: null,
  groupBy: {},
};

describe.each(['postgres', 'redis'])('prices that depend on what was used before, on %s', (adapter) => {
  let redis: RedisServer | null = null;
  let stage: Stage;
  let gateways: readonly [GatewayProcess, GatewayProcess];

  beforeAll(async () => {
    if (adapter === 'redis') {
      redis = await startRedis();
      await foundStore(redis.url);
    }
    stage = await openStage(redis === null ? {} : { redisUrl: redis.url });
    await stage.publish({
      meters: [requests],
      plans: [
        planOf('graduated', [card(graduated)]),
        planOf('volume', [card(volume)]),
        planOf('package', [card(packages)]),
        planOf('included', [card(perUnit, { includedUnits: 2n, percentOff: 25 })]),
      ],
    });
    gateways = await Promise.all([stage.startGateway('one'), stage.startGateway('two')]);
  });
  afterAll(async () => {
    await stage?.close();
    await redis?.stop();
  });

  const weather = (key: string, gateway: GatewayProcess = gateways[0]) =>
    fetch(`${gateway.url}/acme/llm/weather`, { headers: bearer(key) });
  const counted = async (customerId: string) =>
    (await stage.state.counters.read(`c:${customerId}`)).find(({ node }) => node.startsWith('units:'));
  /** Calls one after another, at each gateway in turn, once the call before is counted. */
  async function costs(customerId: string, key: string, calls: number): Promise<readonly (string | null)[]> {
    const seen: (string | null)[] = [];
    for (let index = 0; index < calls; index++) {
      const response = await weather(key, gateways[index % 2 ? 1 : 0]);
      expect(response.status).toBe(200);
      seen.push(response.headers.get('tollwright-cost-usd'));
      await expect.poll(() => counted(customerId)).toMatchObject({ spent: BigInt(index + 1), held: 0n });
    }
    return seen;
  }

  it('tiers: each call costs what the tier says that it falls in, whichever gateway it comes by', async () => {
    const key = await stage.subscribe('cus_tiers', { planVersionId: 'plv_graduated' });
    expect(await costs('cus_tiers', key, 4)).toEqual(['0.01', '0.01', '0.501', '0.001']);
    const events = async () => (await stage.events()).filter(({ customerId }) => customerId === 'cus_tiers');
    await expect.poll(events).toHaveLength(4);
    const charged = (await events()).reduce((sum, { chargedNanoUsd }) => sum + chargedNanoUsd, 0n);
    expect(charged).toBe(parseUsd('0.522'));
    const budget = (await stage.state.counters.read('c:cus_tiers')).find(({ node }) => node === 'budget:key_cus_tiers');
    expect(budget).toMatchObject({ spent: charged, held: 0n });
    expect((await counted('cus_tiers'))?.periodId).toMatch(MONTH);
  });

  it('volume: each call costs what the tier says that the cycle has reached', async () => {
    const key = await stage.subscribe('cus_volume', { planVersionId: 'plv_volume' });
    expect(await costs('cus_volume', key, 4)).toEqual(['0.01', '0.01', '0.501', '0.001']);
  });

  it('packages: the call that begins one pays for it', async () => {
    const key = await stage.subscribe('cus_package', { planVersionId: 'plv_package' });
    expect(await costs('cus_package', key, 4)).toEqual(['0.30', '0.00', '0.00', '0.30']);
  });

  it('included units are free, and a percentage is off the others', async () => {
    const key = await stage.subscribe('cus_included', { planVersionId: 'plv_included' });
    expect(await costs('cus_included', key, 3)).toEqual(['0.00', '0.00', '0.0075']);
  });

  it('calls of a billing cycle are counted from its beginning', async () => {
    const billingAnchorAtMs = Date.parse('2026-01-31T10:00:00Z');
    const key = await stage.subscribe('cus_cycle', { planVersionId: 'plv_package', customer: { billingAnchorAtMs } });
    expect(await costs('cus_cycle', key, 2)).toEqual(['0.30', '0.00']);
    const { node } = (await counted('cus_cycle')) ?? {};
    expect(node).toMatch(/^units:cus_cycle:live:requests@\d{4}-\d\d-\d\dT10:00:00\.000Z$/);
  });

  it('never spends more than a budget holds, though tiers are crossed by many calls at once', async () => {
    const budgetNanoUsd = parseUsd('0.6');
    const key = await stage.subscribe('cus_budget', { planVersionId: 'plv_graduated', budgetNanoUsd });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => weather(key, gateways[index % 2 ? 1 : 0])),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 429)).toBe(true);
    const served = answers.filter(({ status }) => status === 200).length;
    expect(served).toBeGreaterThan(0);
    await expect.poll(() => counted('cus_budget')).toMatchObject({ spent: BigInt(served), held: 0n });
    const budget = (await stage.state.counters.read('c:cus_budget')).find(
      ({ node }) => node === 'budget:key_cus_budget',
    );
    expect(budget?.spent).toBeLessThanOrEqual(budgetNanoUsd);
    expect(budget?.held).toBe(0n);
  });
});
