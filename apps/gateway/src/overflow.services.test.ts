import type { PolicyConfig } from '@tollwright/contracts';
import { parseChallenges } from '@tollwright/protocols';
import { loadMppx, type Mppx, mppxEvm } from '@tollwright/testing';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, problemOf } from './gateway-harness.ts';
import { openPricedStage, type PricedStage, soldAt } from './priced-stage-harness.ts';
import { untilRoom, untilSettled, whole } from './until-harness.ts';

const PRICE = 600_000_000n;

let priced: PricedStage;
let gateway: GatewayProcess;
let mppx: Mppx;

beforeAll(async () => {
  mppx = await loadMppx();
  priced = await openPricedStage();
  const options = { name: 'calls', meters: ['requests'], limit: '1', period: 'day', onExhausted: 'overflow' };
  const quota: PolicyConfig = { type: 'quota', options, shadow: false };
  const { plans } = priced.stage.sample;
  await priced.publish(soldAt(PRICE), {
    plans: plans.map((plan) => ({ ...plan, terms: { ...plan.terms, policies: [quota] } })),
  });
  gateway = await priced.startGateway('one');
});
beforeEach(() => untilRoom(priced.stage, 86_400));
afterAll(() => priced?.close());

const url = () => `${gateway.url}/acme/llm/weather?city=Porto`;
const call = (key: string, headers: Record<string, string> = {}) =>
  whole(fetch(url(), { headers: { ...bearer(key), ...headers } }));
const balance = () => priced.chain.balanceOf(privateKeyToAccount(priced.payerKey).address);
const forwarded = () => priced.stage.upstream.log.stats(null).calls;
const payer = () =>
  mppx.client.Mppx.create({
    polyfill: false,
    methods: [mppxEvm(mppx, { privateKey: priced.payerKey, chainId: priced.chain.chainId, usdc: priced.chain.usdc })],
  });

describe('a quota that overflows', () => {
  it('is used first: a payment that is shown beside its key is not taken', async () => {
    const used = await priced.stage.subscribe('cus_used', { planVersionId: 'plv_flat' });
    expect((await call(used)).status).toBe(200);
    const credential = await payer().createCredential(await call(used));
    const fresh = await priced.stage.subscribe('cus_fresh', { planVersionId: 'plv_flat' });
    const before = await balance();
    const answer = await call(fresh, { 'payment-authorization': credential });
    expect([answer.status, answer.headers.get('payment-receipt'), await balance()]).toEqual([200, null, before]);
  });

  it('is paid for beyond its end on the same address, by Payment-Authorization beside the key', async () => {
    const key = await priced.stage.subscribe('cus_over', { planVersionId: 'plv_flat' });
    expect((await call(key)).status).toBe(200);
    const asked = await call(key);
    const [challenge] = parseChallenges(asked.headers.get('www-authenticate') ?? '');
    expect([asked.status, challenge]).toMatchObject([402, { kind: 'ok', value: { header: 'Payment-Authorization' } }]);
    const [before, calls] = [await balance(), forwarded()];
    const paid = await payer().fetch(url(), { headers: bearer(key) });
    expect([paid.status, paid.headers.has('payment-receipt')]).toEqual([200, true]);
    expect([await balance(), forwarded()]).toEqual([before - PRICE / 1_000n, calls + 1]);
  });

  it('is told whose call was paid for, and charges no account for it: a stranger is nobody', async () => {
    const key = await priced.stage.subscribe('cus_whose', { planVersionId: 'plv_flat', budgetNanoUsd: 10n * PRICE });
    expect((await call(key)).status).toBe(200);
    const spent = async () => {
      const nodes = await priced.stage.state.counters.read('c:cus_whose');
      return nodes.filter(({ node }) => node.startsWith('budget:')).map(({ spent: nanoUsd }) => nanoUsd);
    };
    await expect.poll(async () => (await spent()).every((nanoUsd) => nanoUsd > 0n)).toBe(true);
    const before = await spent();
    const [beside, strangers] = [await payer().fetch(url(), { headers: bearer(key) }), await payer().fetch(url())];
    const requestIds = [beside, strangers].map(({ headers }) => headers.get('x-request-id'));
    expect([beside.status, strangers.status]).toEqual([200, 200]);
    const paidFor = async () => {
      const events = await priced.stage.events();
      return requestIds.map((id) => events.find(({ requestId }) => requestId === id));
    };
    await expect.poll(async () => (await paidFor()).every((event) => event !== undefined)).toBe(true);
    const [ownersCall, nobodys] = await paidFor();
    const paid = { rail: 'evm', chargedNanoUsd: PRICE, charges: [], planVersionId: null };
    expect(ownersCall).toMatchObject({ ...paid, customerId: 'cus_whose', paymentId: expect.stringMatching(/^pay_/) });
    const { agentId, keyId } = (await priced.stage.payments()).find(({ paymentId }) => {
      return paymentId === ownersCall?.paymentId;
    }) ?? { agentId: 'no payment', keyId: 'no payment' };
    expect([ownersCall?.agentId, ownersCall?.keyId]).toEqual([agentId, keyId]);
    expect(nobodys).toMatchObject({ ...paid, customerId: null, agentId: null, keyId: null });
    expect(await spent()).toEqual(before);
  });

  it('is a challenge for one key: another one, or none, does not pay by it', async () => {
    const [mine, other] = [
      await priced.stage.subscribe('cus_mine', { planVersionId: 'plv_flat' }),
      await priced.stage.subscribe('cus_other', { planVersionId: 'plv_flat' }),
    ];
    for (const key of [mine, other]) expect((await call(key)).status).toBe(200);
    const credential = await payer().createCredential(await call(mine));
    for (const answer of [
      await call(other, { 'payment-authorization': credential }),
      await fetch(url(), { headers: { authorization: credential } }),
    ]) {
      expect([answer.status, (await problemOf(answer)).reason]).toEqual([402, 'invalid-challenge']);
    }
  });

  it('asks for no payment that a budget has no room for, and holds nothing of it', async () => {
    const budgetNanoUsd = PRICE - 1n;
    const key = await priced.stage.subscribe('cus_poor', { planVersionId: 'plv_flat', budgetNanoUsd });
    expect((await call(key)).status).toBe(200);
    const refused = await call(key);
    expect([refused.status, refused.headers.get('www-authenticate'), refused.headers.get('payment-required')]).toEqual([
      ...[429, null, null],
    ]);
    expect(await problemOf(refused)).toMatchObject({ slug: 'budget-exhausted', limit: String(budgetNanoUsd) });
    await untilSettled(priced.stage, 'cus_poor');
    const nodes = await priced.stage.state.counters.read('c:cus_poor');
    expect(nodes.filter(({ node }) => node.startsWith('budget:')).map(({ held }) => held)).toEqual([0n, 0n]);
  });

  it('leaves nothing held of budgets that have room, however often it asks', async () => {
    const budgetNanoUsd = PRICE + 10_000_000n;
    const key = await priced.stage.subscribe('cus_room', { planVersionId: 'plv_flat', budgetNanoUsd });
    expect((await call(key)).status).toBe(200);
    const asked = await Promise.all(Array.from({ length: 5 }, () => call(key)));
    expect(asked.every(({ status }) => status === 402 || status === 429)).toBe(true);
    expect((await call(key)).status).toBe(402);
    await untilSettled(priced.stage, 'cus_room');
    const nodes = await priced.stage.state.counters.read('c:cus_room');
    expect(nodes.filter(({ node }) => node.startsWith('budget:')).map(({ held }) => held)).toEqual([0n, 0n]);
  });
});
