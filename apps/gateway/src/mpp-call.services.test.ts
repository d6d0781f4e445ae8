import { parseChallenges, parseReceipt } from '@tollwright/protocols';
import {
  askStripe as ask,
  type Chain,
  loadMppx,
  type Mppx,
  type MppxClient,
  mppxEvm,
  mppxStripe,
  mppxTempo,
  type StripeDouble,
  type Tempo,
} from '@tollwright/testing';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf, type Stage } from './gateway-harness.ts';
import { openPricedStage, type PricedStage, SECRET_KEY, soldAt } from './priced-stage-harness.ts';

const PRICE = 600_000_000n;

let priced: PricedStage;
let chain: Chain;
let tempo: Tempo;
let stripe: StripeDouble;
let stage: Stage;
let gateway: GatewayProcess;
let mppx: Mppx;

beforeAll(async () => {
  mppx = await loadMppx();
  priced = await openPricedStage();
  ({ chain, tempo, stripe, stage } = priced);
  await priced.publish(soldAt(PRICE));
  gateway = await priced.startGateway('one');
});
afterAll(() => priced?.close());

const weatherUrl = (city = 'Porto') => `${gateway.url}/acme/llm/weather?city=${city}`;
const forwarded = () => stage.upstream.log.stats(null).calls;
const unpaid = (accept?: string) =>
  fetch(weatherUrl(), { headers: accept === undefined ? {} : { 'accept-payment': accept } });
const paidWith = (authorization: string, url = weatherUrl()) => fetch(url, { headers: { authorization } });

const askStripe = (path: string) => ask({ url: stripe.url, secretKey: SECRET_KEY }, path);

const intents = async () =>
  (await askStripe('/v1/payment_intents?limit=100')).data as { id: string; status: string; amount: number }[];

const clientOf = (method: unknown): MppxClient => mppx.client.Mppx.create({ polyfill: false, methods: [method] });

const stripeClient = (paymentMethod = 'pm_card_visa') =>
  clientOf(mppxStripe(mppx, { url: stripe.url, secretKey: SECRET_KEY, paymentMethod }));

/** Somebody new on Tempo, with dollars for fees and calls. */
async function tempoClient(): Promise<MppxClient> {
  const privateKey = generatePrivateKey();
  await tempo.fund(privateKeyToAccount(privateKey).address, 50_000_000n);
  return clientOf(mppxTempo(mppx, { privateKey, rpcUrl: tempo.rpcUrl }));
}

const evmClient = () =>
  clientOf(mppxEvm(mppx, { privateKey: priced.payerKey, chainId: chain.chainId, usdc: chain.usdc }));

const receiptOf = (response: Response) => parseReceipt(response.headers.get('payment-receipt') ?? '');

describe('one 402 for every client', () => {
  it('has the offers of x402 and of two methods of MPP, at one price', async () => {
    const response = await unpaid();
    expect(response.status).toBe(402);
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
    const asked = challenges.map((read) =>
      read.kind === 'ok' ? [read.value.method, read.value.request.amount] : read,
    );
    expect(asked).toEqual([
      ['tempo', '600000'],
      ['evm', '600000'],
      ['stripe', '60'],
    ]);
    expect(response.headers.get('payment-required')).not.toBeNull();
    expect(await problemOf(response)).toMatchObject({
      ...{ slug: 'payment-required', x402Version: 1 },
      accepts: [{ maxAmountRequired: '600000' }],
    });
  });

  it('is in the order that Accept-Payment asks', async () => {
    const response = await unpaid('stripe/charge, evm/charge;q=0.1');
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '');
    expect(challenges.map((read) => (read.kind === 'ok' ? read.value.method : read))).toEqual(['stripe', 'evm']);
  });

  it('is counted as asked for the rails that it names, and for no rail that Accept-Payment leaves out', async () => {
    const counting = await priced.startGateway('counting');
    const headers = { 'accept-payment': 'stripe/charge, evm/charge;q=0.1' };
    expect((await fetch(`${counting.url}/acme/llm/weather?city=Porto`, { headers })).status).toBe(402);
    const counted = async () => {
      const own = (await stage.tallies()).filter(({ gateway: by }) => by === 'counting');
      return own.flatMap(({ counts }) => counts.map(({ step, rail, count }) => `${step} ${rail} ${count}`)).sort();
    };
    await expect.poll(counted).toEqual(['asked evm 1', 'asked null 1', 'asked stripe 1', 'asked x402 1']);
  });

  it('is paid by @x402/fetch and by all methods of mppx, unmodified', async () => {
    const before = forwarded();
    const client = new x402Client();
    registerExactEvmScheme(client, { signer: privateKeyToAccount(priced.payerKey) });
    const byX402 = await wrapFetchWithPayment(fetch, client)(weatherUrl());
    expect([byX402.status, byX402.headers.get('payment-receipt')]).toEqual([200, null]);
    for (const [payingClient, method] of [
      [evmClient(), 'evm'],
      [stripeClient(), 'stripe'],
      [await tempoClient(), 'tempo'],
    ] as const) {
      const response = await payingClient.fetch(weatherUrl());
      expect([response.status, await response.json()]).toMatchObject([200, { city: 'Porto' }]);
      expect(receiptOf(response)).toMatchObject({ kind: 'ok', value: { status: 'success', method } });
    }
    expect(forwarded()).toBe(before + 4);
    expect((await intents())[0]).toMatchObject({ status: 'succeeded', amount: 60 });
  });
});

describe.each([
  ['evm', async () => evmClient()],
  ['stripe', async () => stripeClient()],
  ['tempo', () => tempoClient()],
] as const)('a credential of method %s', (_method, clientOf) => {
  it('ten at once run the upstream once; shown again it gets the same answer, for nothing', async () => {
    const before = forwarded();
    const credential = await (await clientOf()).createCredential(await unpaid());
    const responses = await Promise.all(Array.from({ length: 10 }, () => paidWith(credential)));
    const isReplayed = (response: Response) => response.headers.has('tollwright-replayed');
    const [first, ...more] = responses.filter((response) => response.status === 200 && !isReplayed(response));
    expect([first?.status, more]).toEqual([200, []]);
    expect(
      responses.filter((response) => response !== first && !isReplayed(response) && response.status !== 409),
    ).toEqual([]);
    const again = await paidWith(credential);
    expect([again.status, await again.text()]).toEqual([200, await first?.text()]);
    expect(again.headers.get('tollwright-replayed')).toBe(first?.headers.get('x-request-id'));
    expect(again.headers.get('payment-receipt')).toBe(first?.headers.get('payment-receipt'));
    expect(forwarded()).toBe(before + 1);
  });

  it('is refused for another address, and untouched by that', async () => {
    const before = forwarded();
    const credential = await (await clientOf()).createCredential(await unpaid());
    const elsewhere = await paidWith(credential, weatherUrl('Lisbon'));
    expect([elsewhere.status, (await problemOf(elsewhere)).reason]).toEqual([402, 'invalid-challenge']);
    expect(forwarded()).toBe(before);
    expect((await paidWith(credential)).status).toBe(200);
  });

  it('is not charged for an upstream that fails: no receipt, and it can be sent again', async () => {
    const charged = (await intents()).length;
    const authorization = await (await clientOf()).createCredential(await unpaid());
    const failed = await fetch(weatherUrl(), { headers: { authorization, 'x-upstream-status': '503' } });
    expect([failed.status, failed.headers.get('payment-receipt')]).toEqual([503, null]);
    expect((await intents()).length).toBe(charged);
    expect((await paidWith(authorization)).status).toBe(200);
  });
});

describe('a charge at Stripe', () => {
  it('is made once a challenge: a second token on it pays for nothing', async () => {
    const before = (await intents()).length;
    const challenge = await unpaid();
    const [one, two] = [
      await stripeClient().createCredential(challenge.clone()),
      await stripeClient().createCredential(challenge),
    ];
    expect((await paidWith(one)).status).toBe(200);
    const second = await paidWith(two);
    expect([second.status, (await problemOf(second)).slug]).toEqual([409, 'payment-used']);
    expect((await intents()).length).toBe(before + 1);
  });

  it.each([
    ['declines', 'pm_card_chargeDeclined', /card_/],
    ['wants to see its owner', 'pm_card_authenticationRequired', /payment-action-required|authentication/],
  ])('that the bank %s is 402, and nothing is charged', async (_what, method, reason) => {
    const response = await stripeClient(method).fetch(weatherUrl());
    expect(response.status).toBe(402);
    expect((await problemOf(response)).detail).toMatch(reason);
    expect((await intents())[0]?.status).not.toBe('succeeded');
  });

  it('that is processing is in doubt: 503 with its payment, never a fresh 402', async () => {
    const credential = await stripeClient('pm_usBankAccount_processing').createCredential(await unpaid());
    const response = await paidWith(credential);
    expect(response.status).toBe(503);
    expect(await problemOf(response)).toMatchObject({
      slug: 'payment-unknown',
      transaction: expect.stringMatching(/^pi_/),
    });
    expect((await paidWith(credential)).status).toBe(503);
  });

  it('whose reply is lost is in doubt too', async () => {
    const credential = await stripeClient().createCredential(await unpaid());
    stripe.faults.add({
      act: 'error',
      when: 'after',
      status: 500,
      count: 1,
      path: '^/v1/payment_intents$',
      method: 'POST',
    });
    const response = await paidWith(credential);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([503, null]);
    expect((await problemOf(response)).slug).toBe('payment-unknown');
  });

  it('is not tried while Stripe is away: 503 before the upstream is asked, and the credential is good afterwards', async () => {
    const before = forwarded();
    const credential = await stripeClient().createCredential(await unpaid());
    stripe.faults.add({ act: 'error', when: 'before', status: 500, count: 1, path: 'granted_tokens', method: 'GET' });
    const response = await paidWith(credential);
    expect([response.status, (await problemOf(response)).slug]).toEqual([503, 'state-unavailable']);
    expect(forwarded()).toBe(before);
    expect((await paidWith(credential)).status).toBe(200);
  });

  it('says in its metadata which payment it was', async () => {
    const response = await stripeClient().fetch(weatherUrl());
    const receipt = receiptOf(response);
    if (receipt.kind !== 'ok') throw new Error(receipt.reason);
    const intent = await askStripe(`/v1/payment_intents/${receipt.value.reference}`);
    const { reference } = receipt.value;
    const recordOf = async () => (await stage.payments()).filter(({ transaction }) => transaction === reference).at(-1);
    await expect.poll(recordOf).toMatchObject({ rail: 'stripe', state: 'settled', network: 'stripe', asset: 'usd' });
    const record = await recordOf();
    expect(intent.metadata).toMatchObject({
      ...{ tollwright_payment: record?.paymentId, tollwright_request: response.headers.get('x-request-id') },
      mpp_challenge_id: record?.nonce,
    });
    expect(record?.amountAtomic).toBe('60');
    expect(record?.feeNanoUsd).toBe(317_400_000n);
    expect(response.headers.get('tollwright-rail-fee-usd')).toBe('0.3174');
  });
});

describe('a route that is paid before it is called', () => {
  const quoteUrl = (symbol = 'TOLL') => `${gateway.url}/acme/llm/quotes/${symbol}`;
  const lastRecord = async (paymentId: unknown) =>
    (await stage.payments()).filter((record) => record.paymentId === paymentId).at(-1);

  it.each([
    ['evm', async () => evmClient()],
    ['stripe', async () => stripeClient()],
    ['tempo', () => tempoClient()],
  ] as const)('serves who pays by %s', async (method, clientOf) => {
    const response = await (await clientOf()).fetch(quoteUrl());
    expect([response.status, receiptOf(response)]).toMatchObject([200, { kind: 'ok', value: { method } }]);
  });

  it('does not call the upstream for a payment that fails, or whose end is unknown', async () => {
    const before = forwarded();
    const declined = await stripeClient('pm_card_chargeDeclined').fetch(quoteUrl());
    expect([declined.status, (await problemOf(declined)).slug]).toEqual([402, 'payment-invalid']);
    const processing = await stripeClient('pm_usBankAccount_processing').fetch(quoteUrl());
    expect([processing.status, (await problemOf(processing)).slug]).toEqual([503, 'payment-unknown']);
    expect(forwarded()).toBe(before);
  });

  it.each([
    ['evm', async () => evmClient()],
    ['stripe', async () => stripeClient()],
    ['tempo', () => tempoClient()],
  ] as const)(
    'gives money back that came by %s, when the upstream fails; no receipt, and no second call',
    async (_, clientOf) => {
      const before = forwarded();
      const authorization = await (await clientOf()).createCredential(await fetch(quoteUrl()));
      const headers = { authorization, 'x-upstream-status': '503' };
      const response = await fetch(quoteUrl(), { headers });
      expect([response.status, response.headers.get('payment-receipt')]).toEqual([503, null]);
      expect(response.headers.get('tollwright-cost-usd')).toBe('0.00');
      const again = await fetch(quoteUrl(), { headers: { authorization } });
      const problem = await problemOf(again);
      expect([again.status, problem.slug, problem.state]).toEqual([409, 'payment-used', 'refunding']);
      await expect
        .poll(async () => await lastRecord(problem.paymentId))
        .toMatchObject({
          state: 'refunding',
          reason: 'upstream answered 503',
          transaction: expect.stringMatching(/^(0x|pi_)/),
        });
      expect(forwarded()).toBe(before + 1);
    },
  );
});
