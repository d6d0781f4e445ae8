import { nanoUsd } from '@tollwright/core';
import { serializePaymentPayload, toRequirementsV2 } from '@tollwright/protocols';
import { type Chain, type Facilitator, loadX402V1, startChain, startFacilitator } from '@tollwright/testing';
import { x402Client } from '@x402/core/client';
import { authorizationTypes } from '@x402/evm';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { decodePaymentResponseHeader, wrapFetchWithPayment } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, openStage, problemOf, type Stage } from './gateway-harness.ts';

const PRICE = 10_000_000n;
const ATOMIC = 10_000n;

let chain: Chain;
let facilitator: Facilitator;
let stage: Stage;
let gateway: GatewayProcess;
let payTo: `0x${string}`;
const payerKey = generatePrivateKey();
const payer = privateKeyToAccount(payerKey);

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  const [, merchant, broadcaster] = chain.accounts;
  if (!merchant || !broadcaster) throw new Error('the chain has too few accounts');
  payTo = merchant.address;
  facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: broadcaster.privateKey });
  await chain.mint(payer.address, 100_000_000n);
  stage = await openStage({ facilitatorUrl: facilitator.url });
  const wallet = {
    kind: 'x402' as const,
    network: `eip155:${chain.chainId}`,
    asset: chain.usdc,
    tokenName: 'USDC',
    tokenVersion: '2',
    decimals: 6,
    payTo,
  };
  const { routes } = stage.sample;
  const priced = routes.map((route) => ({ ...route, strangerPriceNanoUsd: nanoUsd(PRICE) }));
  await stage.publish({ wallets: [wallet], routes: priced });
  await stage.publish({
    ...{ apiId: 'api_first', apiSlug: 'first', wallets: [wallet] },
    routes: priced.map((route) => ({ ...route, settles: 'before' as const })),
    upstream: { breaker: { failuresInARow: 1, failurePercent: 100, windowMs: 10_000, callsMin: 100, openMs: 3_000 } },
  });
  gateway = await stage.startGateway('one');
});
afterAll(async () => {
  await stage?.close();
  await facilitator?.close();
  await chain?.close();
});

interface Terms {
  readonly to: `0x${string}`;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly chainId: number;
  readonly account: typeof payer;
}

const weather = (headers: Record<string, string> = {}, api = 'llm') =>
  fetch(`${gateway.url}/acme/${api}/weather?city=Porto`, { headers });
const forwarded = () => stage.upstream.log.stats(null).calls;
const lastPayment = async (paymentId: unknown) =>
  (await stage.payments()).filter((payment) => payment.paymentId === paymentId).at(-1);

async function payment(changes: Partial<Terms> = {}): Promise<Record<string, string>> {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const nonce = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}` as const;
  const terms: Terms = {
    ...{ to: payTo, value: ATOMIC, validAfter: now - 600n, validBefore: now + 200n },
    ...{ chainId: chain.chainId, account: payer },
    ...changes,
  };
  const { to, value, validAfter, validBefore } = terms;
  const authorization = { from: terms.account.address, to, value, validAfter, validBefore, nonce };
  const signature = await terms.account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: terms.chainId, verifyingContract: chain.usdc },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: authorization,
  });
  const offer = {
    ...({ scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const),
    ...{ network: `eip155:${chain.chainId}`, asset: chain.usdc, tokenName: 'USDC', tokenVersion: '2' },
    ...{ payTo, amountAtomic: ATOMIC, maxTimeoutSeconds: 300 },
  };
  const accepted = { ...toRequirementsV2(offer), amount: ATOMIC };
  const header = serializePaymentPayload({ x402Version: 2, accepted, payload: { signature, authorization } });
  return { 'payment-signature': header };
}

describe('a stranger', () => {
  it('gets a 402 that both generations read', async () => {
    const response = await weather();
    expect(response.status).toBe(402);
    expect(response.headers.get('payment-required')).not.toBeNull();
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ slug: 'payment-required', x402Version: 1 });
    expect(JSON.stringify(problem.accepts)).toContain('"maxAmountRequired":"10000"');
  });

  it('pays with the unmodified clients of both generations, gets 200 and a receipt, and tokens move', async () => {
    const before = await chain.balanceOf(payTo);
    const client = new x402Client();
    registerExactEvmScheme(client, { signer: payer });
    const second = await wrapFetchWithPayment(fetch, client)(`${gateway.url}/acme/llm/weather`);
    expect(second.status).toBe(200);
    const receipt = decodePaymentResponseHeader(second.headers.get('payment-response') ?? '');
    expect(receipt).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
    expect(second.headers.get('tollwright-cost-usd')).toBe('0.01');
    const v1 = await loadX402V1();
    const payV1 = v1.wrapFetchWithPayment(fetch, await v1.createSigner('base-sepolia', payerKey));
    const first = await payV1(`${gateway.url}/acme/llm/weather`);
    expect(first.status).toBe(200);
    expect(first.headers.get('x-payment-response')).not.toBeNull();
    expect((await chain.balanceOf(payTo)) - before).toBe(2n * ATOMIC);
    const find = async () => (await stage.payments()).filter(({ state }) => state === 'settled');
    await expect.poll(find).toHaveLength(2);
    const paid = (await find()).find(({ transaction }) => transaction === receipt.transaction);
    expect(paid).toMatchObject({ priceNanoUsd: PRICE, version: 3 });
    const events = async () => (await stage.events()).filter(({ rail }) => rail === 'x402');
    await expect.poll(events).toHaveLength(2);
    const expected = { payer: payer.address.toLowerCase(), chargedNanoUsd: PRICE, customerId: null };
    expect(await events()).toMatchObject([expected, expected]);
  });

  it('sending one payment ten times at once runs the upstream once; the others get 409', async () => {
    const headers = await payment();
    const before = forwarded();
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => weather(headers)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
    expect(forwarded() - before).toBe(1);
    const again = await weather(headers);
    expect(again.status).toBe(409);
    expect(await problemOf(again)).toMatchObject({ slug: 'payment-used', transaction: expect.stringMatching(/^0x/) });
    const elsewhere = await fetch(`${gateway.url}/acme/llm/quotes/ACME`, { headers });
    expect(elsewhere.status).toBe(409);
    expect(forwarded() - before).toBe(1);
  });

  it('is refused with 402 and no upstream call for every payment that does not pay', async () => {
    const now = BigInt(Math.floor(Date.now() / 1000));
    const good = await payment();
    const tampered = Buffer.from(good['payment-signature'] ?? '', 'base64')
      .toString()
      .replace(/"value":"10000"/, '"value":"10001"');
    const poor = privateKeyToAccount(generatePrivateKey());
    const bad: Record<string, Record<string, string>> = {
      altered: { 'payment-signature': Buffer.from(tampered).toString('base64') },
      recipient: await payment({ to: poor.address }),
      short: await payment({ value: ATOMIC - 1n }),
      expired: await payment({ validBefore: now - 1n }),
      early: await payment({ validAfter: now + 500n, validBefore: now + 900n }),
      unfunded: await payment({ account: poor as typeof payer }),
      chain: await payment({ chainId: 1 }),
    };
    const before = forwarded();
    for (const [name, headers] of Object.entries(bad)) {
      const response = await weather(headers);
      expect([name, response.status]).toEqual([name, 402]);
      expect((await problemOf(response)).slug).toBe('payment-invalid');
      expect(response.headers.get('payment-required')).not.toBeNull();
    }
    expect((await weather({ 'payment-signature': 'not base64 json' })).status).toBe(400);
    expect(forwarded()).toBe(before);
  });

  it('is refused for an authorization that was used on chain before we saw it', async () => {
    const headers = await payment();
    const payload = JSON.parse(Buffer.from(headers['payment-signature'] ?? '', 'base64').toString()) as {
      accepted: object;
    };
    const settled = await fetch(`${facilitator.url}/settle`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ x402Version: 2, paymentPayload: payload, paymentRequirements: payload.accepted }),
    });
    expect(await settled.json()).toMatchObject({ success: true });
    const before = forwarded();
    const response = await weather(headers);
    expect([response.status, (await problemOf(response)).slug]).toEqual([402, 'payment-invalid']);
    expect(forwarded()).toBe(before);
  });

  it('keeps an authorization unspent when the upstream fails, and may send it again', async () => {
    const headers = await payment();
    const before = await chain.balanceOf(payTo);
    const failed = await weather({ ...headers, 'x-upstream-status': '503' });
    expect(failed.status).toBe(503);
    expect(await chain.balanceOf(payTo)).toBe(before);
    expect((await weather(headers)).status).toBe(200);
    expect(await chain.balanceOf(payTo)).toBe(before + ATOMIC);
  });

  it('is not asked for money first while nobody would be asked for the call, and may send the payment again', async () => {
    const failed = await weather({ ...(await payment()), 'x-upstream-status': '503' }, 'first');
    expect(failed.status).toBe(503);
    const before = await chain.balanceOf(payTo);
    const calls = forwarded();
    const headers = await payment();
    const spared = await weather(headers, 'first');
    expect([spared.status, spared.headers.get('retry-after')]).toEqual([502, expect.stringMatching(/^[123]$/)]);
    expect(await problemOf(spared)).toMatchObject({
      slug: 'upstream-failed',
      detail: expect.stringMatching(/not taken/),
    });
    expect([await chain.balanceOf(payTo), forwarded()]).toEqual([before, calls]);
    const again = async () => (await weather(headers, 'first')).status;
    await expect.poll(again, { interval: 500 }).toBe(200);
    expect([await chain.balanceOf(payTo), forwarded()]).toEqual([before + ATOMIC, calls + 1]);
  });

  it('is cut while the payment can still be settled, and keeps it', async () => {
    const soon = BigInt(Math.floor(Date.now() / 1000) + 12);
    const before = await chain.balanceOf(payTo);
    const startedAt = performance.now();
    const cut = await weather({ ...(await payment({ validBefore: soon })), 'x-upstream-delay-ms': '20000' });
    expect(cut.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(12_000);
    const problem = await problemOf(cut);
    expect(problem).toMatchObject({ slug: 'upstream-timeout' });
    await expect.poll(() => lastPayment(problem.paymentId)).toMatchObject({ state: 'released' });
    expect(await chain.balanceOf(payTo)).toBe(before);
  });

  it.each(['loseSettleReplies', 'pendingSettles', 'dropSettleRequests'] as const)(
    'is told 503 payment-unknown, never a fresh 402, after %s',
    async (fault) => {
      facilitator.faults[fault] = 1;
      const headers = await payment();
      const before = forwarded();
      const first = await weather(headers);
      expect(first.status).toBe(503);
      expect(first.headers.get('retry-after')).not.toBeNull();
      const problem = await problemOf(first);
      expect(problem).toMatchObject({ slug: 'payment-unknown', paymentId: expect.stringMatching(/^pay_/) });
      expect((await weather(headers)).status).toBe(503);
      expect(forwarded() - before).toBe(1);
      await expect.poll(() => lastPayment(problem.paymentId)).toMatchObject({ state: 'unknown', version: 3 });
    },
  );
});

describe('the way to a payment', () => {
  /** `asked x402` -> how often, in everything that a gateway shipped. */
  async function counted(by: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    const own = (await stage.tallies()).filter((tally) => tally.gateway === by);
    for (const { step, rail, loss, count } of own.flatMap((tally) => tally.counts)) {
      const name = [step, rail, loss].filter((word) => word !== null).join(' ');
      counts[name] = (counts[name] ?? 0) + count;
    }
    return counts;
  }

  it('is counted: every 402 for each rail and once for all, and why credentials were not claimed', async () => {
    const counting = await stage.startGateway('counting');
    const at = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${counting.url}/acme/llm${path}`, { headers });
    const weatherPath = '/weather?city=Porto';
    const now = BigInt(Math.floor(Date.now() / 1000));
    expect((await at(weatherPath)).status).toBe(402);
    expect((await at(weatherPath, await payment({ validBefore: now - 1n }))).status).toBe(402);
    expect((await at(weatherPath, await payment({ to: payer.address }))).status).toBe(402);
    expect((await at(weatherPath, { 'payment-signature': 'not base64 json' })).status).toBe(400);
    const used = await payment();
    expect((await at(weatherPath, used)).status).toBe(200);
    expect((await at('/quotes/ACME', used)).status).toBe(409);
    await expect
      .poll(() => counted('counting'))
      .toEqual({
        ...{ asked: 3, 'asked x402': 3, 'asked evm': 3, 'refused x402 expired': 1, 'refused x402 other-call': 1 },
        ...{ 'refused unreadable': 1, 'refused x402 used-before': 1 },
      });
  });
});

describe('a key on a priced route', () => {
  it('is served by its plan; a bad key is 401, never 402', async () => {
    const key = await stage.subscribe('cus_plan');
    const response = await weather(bearer(key));
    expect([response.status, response.headers.get('payment-response')]).toEqual([200, null]);
    expect((await weather(bearer('tw_live_nonsense'))).status).toBe(401);
  });
});
