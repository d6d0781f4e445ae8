import type { ApiSnapshot, PolicyConfig } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { type Chain, type Facilitator, startChain, startFacilitator } from '@tollwright/testing';
import { x402Client } from '@x402/core/client';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';
import { untilRoom, untilServed, whole } from './until-harness.ts';

const payer = privateKeyToAccount(generatePrivateKey());

let chain: Chain;
let facilitator: Facilitator;
let stage: Stage;
let gateway: GatewayProcess;
let priced: Pick<ApiSnapshot, 'wallets' | 'routes' | 'plans'>;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  const [, merchant, broadcaster] = chain.accounts;
  if (!merchant || !broadcaster) throw new Error('the chain has too few accounts');
  facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: broadcaster.privateKey });
  await chain.mint(payer.address, 100_000_000n);
  stage = await openStage({ facilitatorUrl: facilitator.url });
  const wallet = {
    ...{ kind: 'x402' as const, network: `eip155:${chain.chainId}`, asset: chain.usdc, payTo: merchant.address },
    ...{ tokenName: 'USDC', tokenVersion: '2', decimals: 6 },
  };
  const { routes, plans } = stage.sample;
  priced = {
    wallets: [wallet],
    routes: routes.map((route) => ({ ...route, strangerPriceNanoUsd: nanoUsd(10_000_000n) })),
    plans,
  };
  gateway = await stage.startGateway('one');
});
afterAll(async () => {
  await stage?.close();
  await facilitator?.close();
  await chain?.close();
});

const config = (type: string, options: PolicyConfig['options']): PolicyConfig => ({ type, options, shadow: false });
const url = () => `${gateway.url}/acme/llm/weather?city=Porto`;
const payingFetch = () => wrapFetchWithPayment(fetch, registerExactEvmScheme(new x402Client(), { signer: payer }));
const forwarded = () => stage.upstream.log.stats(null).calls;

/** Waits until a change is in force, with room in the hour and day that its policies count in. */
async function publish(change: Partial<ApiSnapshot>): Promise<void> {
  await untilServed(gateway, (await stage.publish({ ...priced, ...change })).version);
  await untilRoom(stage, 3_600);
}

describe('policies and payments', () => {
  it('a quota that overflows asks for payment when it is used up, and a call that pays goes through with its key', async () => {
    const quota = config('quota', {
      name: 'calls',
      meters: ['requests'],
      limit: '2',
      period: 'day',
      onExhausted: 'overflow',
    });
    await publish({
      plans: priced.plans.map((plan) => ({ ...plan, terms: { ...plan.terms, policies: [quota] } })),
    });
    const key = await stage.subscribe('cus_overflow', { planVersionId: 'plv_flat' });
    for (let call = 0; call < 2; call++) expect((await whole(fetch(url(), { headers: bearer(key) }))).status).toBe(200);
    const asked = await fetch(url(), { headers: bearer(key) });
    expect([asked.status, asked.headers.get('payment-required') === null]).toEqual([402, false]);
    const before = forwarded();
    const paid = await payingFetch()(url(), { headers: bearer(key) });
    expect([paid.status, paid.headers.get('payment-response') === null]).toEqual([200, false]);
    expect(forwarded()).toBe(before + 1);
    const settled = async () => (await stage.payments()).find(({ state }) => state === 'settled');
    await expect.poll(settled).toMatchObject({ customerId: 'cus_overflow', agentId: expect.stringMatching(/./) });
    const { keyId, verifiedAt, settledAt } = (await settled()) ?? {};
    expect(keyId).toMatch(/./);
    expect(Date.parse(settledAt ?? '')).toBeGreaterThanOrEqual(Date.parse(verifiedAt ?? ''));
  });

  it('an address that is barred is refused before it is asked to pay', async () => {
    await publish({ policies: [config('ip-filter', { allow: ['192.0.2.0/24'] })] });
    expect(await problemOf(await fetch(url()))).toMatchObject({ slug: 'forbidden', status: 403 });
  });

  it('what a stranger sends is judged before the payment is taken', async () => {
    const requestSchema = {
      parameters: [{ name: 'city', in: 'query' as const, required: true, schema: { enum: ['Berlin'] } }],
      body: null,
      definitions: {},
    };
    const routes = priced.routes.map((route) => ({ ...route, requestSchema }));
    await publish({ routes, policies: [config('request-validation', {})] });
    const balance = await chain.balanceOf(payer.address);
    const before = forwarded();
    const answer = await payingFetch()(url());
    expect(await problemOf(answer)).toMatchObject({ slug: 'invalid-input', errors: [{ path: 'query.city' }] });
    expect([forwarded(), await chain.balanceOf(payer.address)]).toEqual([before, balance]);
  });

  it('strangers are counted by their address, and headers are set on what they bought', async () => {
    await publish({
      policies: [
        config('rate-limit', { limit: 2, windowSeconds: 3_600, by: 'ip' }),
        config('headers', { setResponse: { 'x-sold': 'yes' } }),
      ],
    });
    const answers: Response[] = [];
    for (let call = 0; call < 3; call++) answers.push(await payingFetch()(url()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[0]?.headers.get('x-sold')).toBe('yes');
  });
});
