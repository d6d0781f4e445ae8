import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, chat, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';
import { untilRoom } from './until-harness.ts';

const WEEK_MS = 7 * 24 * 3_600_000;
/** A moment ago, so that the week does not end while this runs. */
const ANCHOR = new Date(Date.now() - 60_000).toISOString();

let stage: Stage;
let gateway: GatewayProcess;

beforeAll(async () => {
  stage = await openStage();
  await stage.publish({
    policies: [
      { type: 'rate-limit', options: { name: 'burst', limit: 7, windowSeconds: 3_600, by: 'agent' }, shadow: false },
      { type: 'rate-limit', options: { name: 'smooth', limit: 9, algorithm: 'token-bucket' }, shadow: false },
      { type: 'quota', options: { name: 'daily', meters: ['requests'], limit: '50', period: 'day' }, shadow: false },
      {
        ...{ type: 'quota', shadow: false },
        options: { name: 'anchored', meters: ['requests'], limit: '60', period: 'week', anchor: ANCHOR },
      },
    ],
  });
  gateway = await stage.startGateway('one');
});
afterAll(() => stage?.close());

const me = (key: string | null, method = 'GET') =>
  fetch(`${gateway.url}/acme/llm/_tw/me`, { method, headers: bearer(key) });

describe('GET _tw/me', () => {
  it('tells a key its plan, limits, spend and prices; asks for nothing, costs nothing, records nothing', async () => {
    await untilRoom(stage, 3_600);
    const key = await stage.subscribe('cus_me', { budgetNanoUsd: 4_000_000_000n });
    const call = await chat(gateway, key, { max_tokens: 5 });
    const charged = BigInt(Math.round(Number(call.headers.get('tollwright-cost-usd')) * 1e9));
    expect(charged).toBeGreaterThan(0n);
    const read = async () => (await (await me(key)).json()) as { spend: { spentNanoUsd: string }; limits: object };
    await expect.poll(async () => (await read()).spend.spentNanoUsd).toBe(String(charged));
    const rest = { usedNanoUsd: String(charged), heldNanoUsd: '0', remainingNanoUsd: String(4_000_000_000n - charged) };
    expect(await read()).toMatchObject({
      api: { apiId: 'api_acme', name: 'Acme LLM' },
      livemode: true,
      key: { keyId: 'key_cus_me', agentId: 'agt_cus_me', expiresAt: null, scopes: [] },
      plan: {
        planVersionId: 'plv_pro',
        key: 'pro',
        name: 'pro',
        version: 1,
        outputTokensMax: 1_000,
        minimumNanoUsd: null,
      },
      spend: { spentNanoUsd: String(charged), period: 'month', resetAt: expect.stringMatching(/T00:00:00.000Z$/) },
      limits: {
        budgets: [
          { node: 'budget:own_cus_me', limitNanoUsd: '4000000000', ...rest, period: 'month', soft: false },
          { node: 'budget:key_cus_me', limitNanoUsd: '4000000000', ...rest, period: 'month', soft: false },
        ],
        windows: [
          { name: 'rate', limitCalls: 10_000_000, windowSeconds: 60 },
          { name: 'rate-limit:burst', limitCalls: 7, usedCalls: 1, remainingCalls: 6, windowSeconds: 3_600 },
        ],
        quotas: [
          { name: 'tokens', limitUnits: '1000000000', heldUnits: '0', period: 'month' },
          { name: 'quota:daily', limitUnits: '50', usedUnits: '1', remainingUnits: '49', period: 'day', shadow: false },
          {
            ...{ name: 'quota:anchored', limitUnits: '60', usedUnits: '1', remainingUnits: '59' },
            resetAt: new Date(Date.parse(ANCHOR) + WEEK_MS).toISOString(),
          },
        ],
        keptByEachGateway: [{ name: 'rate-limit:smooth', limitCalls: 9, windowSeconds: 60 }],
      },
      prices: [
        { key: 'input_tokens', price: { usdPerMillionByModel: { 'toll-small': '1' } } },
        { key: 'output_tokens', price: { usdPerMillionByModel: { 'toll-small': '2' } } },
      ],
    });
    expect((await stage.state.counters.holds({ tag: 'c:cus_me' })).length).toBe(0);
    // The call settles before its event is shipped: wait for the event, then see that asking has added none.
    const events = async () => (await stage.events()).filter(({ customerId }) => customerId === 'cus_me').length;
    await expect.poll(events).toBe(1);
    await read();
    expect(await events()).toBe(1);
    expect(JSON.stringify(await read())).not.toContain(key);
  });

  it('knows a key that has never called', async () => {
    const key = await stage.subscribe('cus_fresh');
    const reply = await me(key);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await reply.json()).toMatchObject({
      spend: { spentNanoUsd: '0', spentUsd: '0.00' },
      limits: { quotas: [{ usedUnits: '0', remainingUnits: '1000000000' }, { usedUnits: '0' }, { usedUnits: '0' }] },
    });
  });

  it('is for keys that are valid, by GET; other paths below _tw stay unknown', async () => {
    const key = await stage.subscribe('cus_gone', { record: { status: 'revoked' } });
    expect((await me(null)).status).toBe(401);
    for (const bad of [key, 'tw_live_nonsense']) {
      expect(await problemOf(await me(bad))).toMatchObject({ slug: 'invalid-key', status: 401 });
    }
    const posted = await me(await stage.subscribe('cus_post'), 'POST');
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
    const other = await fetch(`${gateway.url}/acme/llm/_tw/you`, { headers: bearer(key) });
    expect(await problemOf(other)).toMatchObject({ slug: 'unknown-route' });
  });
});
