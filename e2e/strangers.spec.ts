import { expect, test } from '@playwright/test';
import { apiUrl, chat, type Gateway, problemOf, tally } from './agent-calls.ts';
import { query } from './database.ts';
import { setFaults, settleDirectly } from './facilitator.ts';
import { readLocal } from './local.ts';
import { done, openManagement } from './management.ts';
import {
  balanceOf,
  debitsOf,
  fromBase64,
  newPayer,
  type Payer,
  type PaymentRequired,
  paymentHeader,
  type SignedPayment,
  signPayment,
} from './payer.ts';
import { upstreamStats } from './upstream.ts';

const PRICE_ATOMIC = 500_000n;
const PRICE_NANO_USD = '500000000';
const CHAT_PRICE_ATOMIC = 10_000n;
const RESOLVED_MS_MAX = 45_000;
const management = openManagement();

let payer: Payer;
test.beforeAll(async () => {
  payer = await newPayer(50_000_000n);
});
test.afterEach(() => setFaults());

/** The paid GET route at one of the gateways. */
function paidUrl(gateway: Gateway = 0): string {
  const local = readLocal();
  return local.paidUrl.replace(local.gatewayUrl, local.gatewayUrls[gateway]);
}

function weather(headers: Record<string, string> = {}, gateway: Gateway = 0): Promise<Response> {
  return fetch(paidUrl(gateway), { headers });
}

async function challenge(url = paidUrl()): Promise<PaymentRequired> {
  const response = await fetch(url);
  expect(response.status).toBe(402);
  return fromBase64<PaymentRequired>(response.headers.get('payment-required'));
}

async function forwardedBy(work: () => Promise<unknown>): Promise<number> {
  const before = (await upstreamStats()).calls;
  await work();
  return (await upstreamStats()).calls - before;
}

/** The payment as the provider's console and the management API show it. */
async function shownPayment(transaction: string) {
  const params = { query: { transaction } };
  const { items } = await done(management.GET('/payments', { params }));
  return items[0] ?? null;
}

test.describe('a stranger without a key', () => {
  test('gets one 402 that says the price to both generations of clients', async () => {
    const { chain, chains } = readLocal();
    const response = await weather();
    expect(response.status).toBe(402);
    expect(response.headers.get('cache-control')).toContain('no-store');
    const asked = [...(response.headers.get('www-authenticate') ?? '').matchAll(/method="(\w+)"/g)];
    expect(asked.map(([, method]) => method)).toEqual(['tempo', 'tempo', 'evm', 'evm', 'stripe']);
    const second = fromBase64<PaymentRequired>(response.headers.get('payment-required'));
    expect(second).toMatchObject({ x402Version: 2, resource: { url: readLocal().paidUrl } });
    const offer = { scheme: 'exact', payTo: chain.payTo, asset: chain.usdc, extra: { name: 'USDC', version: '2' } };
    expect(second.accepts.map(({ scheme, network }) => `${scheme} ${network}`)).toEqual([
      ...chains.map(({ network }) => `exact ${network}`),
      ...chains.map(({ network }) => `upto ${network}`),
    ]);
    expect(second.accepts[0]).toMatchObject({
      ...offer,
      network: `eip155:${chain.chainId}`,
      amount: PRICE_ATOMIC.toString(),
    });
    expect(second.accepts[0]?.maxTimeoutSeconds).toBeGreaterThan(0);
    const first = await problemOf(response);
    expect(first).toMatchObject({ slug: 'payment-required', status: 402, x402Version: 1 });
    expect(first.accepts).toHaveLength(2);
    expect((first.accepts as unknown[])[0]).toEqual({
      ...offer,
      network: 'base-sepolia',
      maxAmountRequired: PRICE_ATOMIC.toString(),
      resource: readLocal().paidUrl,
      description: expect.any(String),
      mimeType: 'application/json',
      outputSchema: {},
      maxTimeoutSeconds: second.accepts[0]?.maxTimeoutSeconds,
    });
  });

  for (const [client, generation, header, network] of [
    ['fetchV2', '@x402/fetch (version 2)', 'payment-response', 'eip155:84532'],
    ['fetchV1', 'x402-fetch (version 1)', 'x-payment-response', 'base-sepolia'],
  ] as const) {
    test(`pays with unmodified ${generation}: 200, a receipt, tokens move, the payment is shown`, async () => {
      const { payTo } = readLocal().chain;
      const before = { payer: await payer.balance(), provider: await balanceOf(payTo) };
      const response = await payer[client](paidUrl());
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ city: 'Lisbon' });
      expect(response.headers.get('tollwright-cost-usd')).toBe('0.50');
      const receipt = fromBase64<{ transaction: string }>(response.headers.get(header));
      expect(receipt).toMatchObject({ success: true, network });
      expect(receipt).toMatchObject({
        payer: payer.account.address,
        transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      });
      expect(before.payer - (await payer.balance())).toBe(PRICE_ATOMIC);
      expect((await balanceOf(payTo)) - before.provider).toBe(PRICE_ATOMIC);
      await expect
        .poll(() => shownPayment(receipt.transaction))
        .toMatchObject({
          state: 'settled',
          rail: 'x402',
          payTo,
          payer: payer.account.address.toLowerCase(),
          amountAtomic: PRICE_ATOMIC.toString(),
          priceNanoUsd: PRICE_NANO_USD,
          roundingNanoUsd: '0',
          routeName: 'GET /weather',
        });
      const requestId = response.headers.get('x-request-id');
      // The event may come with a later shipment than the payment.
      const events = () =>
        query("SELECT body ->> 'chargedNanoUsd' AS charged, rail FROM usage_event WHERE request_id = $1", [requestId]);
      await expect.poll(events).toEqual([{ charged: PRICE_NANO_USD, rail: 'x402' }]);
    });
  }

  test('sends one signed payment ten times at once, to both gateways: the upstream runs once, nobody gets a fresh 402', async () => {
    const payment = await signPayment(payer, await challenge());
    const before = await payer.balance();
    let answers: Response[] = [];
    const forwarded = await forwardedBy(async () => {
      const call = (index: number) => weather(paymentHeader(payment), index % 2 === 0 ? 0 : 1);
      answers = await Promise.all(Array.from({ length: 10 }, (_, index) => call(index)));
    });
    test.info().annotations.push({ type: 'ten at once', description: JSON.stringify(tally(answers)) });
    expect(forwarded).toBe(1);
    expect(tally(answers)).toEqual({ 200: 1, 409: 9 });
    for (const answer of answers.filter(({ status }) => status === 409)) {
      const problem = await problemOf(answer);
      expect(problem.slug).toMatch(/^payment-(in-progress|used)$/);
      if (problem.slug === 'payment-in-progress') expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(before - (await payer.balance())).toBe(PRICE_ATOMIC);
    const later = await weather(paymentHeader(payment), 1);
    expect([later.status, await problemOf(later)]).toMatchObject([
      409,
      { slug: 'payment-used', state: 'settled', transaction: expect.stringMatching(/^0x/) },
    ]);
  });

  test('pays for the chat route too, also for a stream, which is paid first', async () => {
    const url = `${apiUrl()}/v1/chat/completions`;
    const asked = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model":"toll-small","messages":[]}',
    });
    expect(asked.status).toBe(402);
    const offer = fromBase64<PaymentRequired>(asked.headers.get('payment-required'));
    const before = await payer.balance();
    const answer = await chat(paymentHeader(await signPayment(payer, offer)), { max_tokens: 5 });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ usage: { completion_tokens: 5 } });
    expect(before - (await payer.balance())).toBe(CHAT_PRICE_ATOMIC);
    const payment = await signPayment(payer, offer);
    const forwarded = await forwardedBy(async () => {
      const stream = await chat(paymentHeader(payment), { stream: true, max_tokens: 5 });
      expect(stream.status).toBe(200);
      expect(fromBase64<object>(stream.headers.get('payment-response'))).toMatchObject({ success: true });
      expect(await stream.text()).toContain('data: [DONE]');
    });
    expect(forwarded).toBe(1);
    expect(before - (await payer.balance())).toBe(2n * CHAT_PRICE_ATOMIC);
  });

  test('keeps the money when the upstream fails, and may send the same payment again', async () => {
    const payment = await signPayment(payer, await challenge());
    const before = await payer.balance();
    expect((await weather({ ...paymentHeader(payment), 'x-upstream-status': '500' })).status).toBe(500);
    expect(await payer.balance()).toBe(before);
    expect((await weather(paymentHeader(payment), 1)).status).toBe(200);
    expect(before - (await payer.balance())).toBe(PRICE_ATOMIC);
  });
});

/** Payments that do not pay, by what is wrong with them. */
const WORTHLESS: Readonly<Record<string, (offer: PaymentRequired) => Promise<SignedPayment>>> = {
  'an altered signature': async (offer) => {
    const payment = await signPayment(payer, offer);
    const { signature } = payment.payload;
    const altered: `0x${string}` = `0x${signature.slice(2, 20)}${signature[20] === '0' ? '1' : '0'}${signature.slice(21)}`;
    return { ...payment, payload: { ...payment.payload, signature: altered } };
  },
  'another recipient': (offer) => signPayment(payer, offer, { to: payer.account.address }),
  'one unit too little': (offer) => signPayment(payer, offer, { value: PRICE_ATOMIC - 1n }),
  'an authorization that has expired': (offer) => signPayment(payer, offer, { validBefore: seconds() - 1n }),
  'an authorization that is not valid yet': (offer) =>
    signPayment(payer, offer, { validAfter: seconds() + 120n, validBefore: seconds() + 240n }),
  'a payer without funds': async (offer) => signPayment(await newPayer(PRICE_ATOMIC - 1n), offer),
  'a signature for another chain': (offer) => signPayment(payer, offer, { chainId: 8453 }),
  'an offer of another chain': async (offer) => {
    const accepts = offer.accepts.map((accepted) => ({ ...accepted, network: 'eip155:8453' }));
    return signPayment(payer, { ...offer, accepts });
  },
  'an offer with a price of its own': async (offer) => {
    const accepts = offer.accepts.map((accepted) => ({ ...accepted, amount: '1' }));
    return signPayment(payer, { ...offer, accepts });
  },
  'a nonce that was used on chain before': async (offer) => {
    const payment = await signPayment(payer, offer);
    expect(await settleDirectly(payment)).toMatchObject({ success: true });
    return payment;
  },
};

function seconds(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}

test.describe('a payment that does not pay is answered 402 and never forwarded', () => {
  for (const [name, make] of Object.entries(WORTHLESS)) {
    test(name, async () => {
      const payment = await make(await challenge());
      const before = { payer: await payer.balance(), provider: await balanceOf(readLocal().chain.payTo) };
      const forwarded = await forwardedBy(async () => {
        for (const gateway of [0, 1] as const) {
          const answer = await weather(paymentHeader(payment), gateway);
          expect(answer.status).toBe(402);
          expect(answer.headers.get('payment-required')).not.toBeNull();
          const problem = await problemOf(answer);
          expect(problem).toMatchObject({ slug: 'payment-invalid', x402Version: 1 });
          expect(problem.detail).toMatch(/\w/);
        }
      });
      expect(forwarded).toBe(0);
      const after = { payer: await payer.balance(), provider: await balanceOf(readLocal().chain.payTo) };
      expect(after).toEqual(before);
    });
  }

  test('what is no payment at all is 400', async () => {
    const forwarded = await forwardedBy(async () => {
      for (const header of ['payment-signature', 'x-payment']) {
        const answer = await weather({ [header]: 'bm8gSlNPTg==' });
        expect([answer.status, (await problemOf(answer)).slug]).toEqual([400, 'bad-request']);
      }
    });
    expect(forwarded).toBe(0);
  });
});

test.describe('when the facilitator does not say how a settlement ended', () => {
  for (const fault of ['loseSettleReplies', 'pendingSettles'] as const) {
    test(`after ${fault}: 503 payment-unknown, then settled by the worker and given back, never a fresh 402`, async () => {
      test.setTimeout(180_000);
      await setFaults({ [fault]: 1 });
      const payment = await signPayment(payer, await challenge());
      const before = { balance: await payer.balance(), debits: await debitsOf(payer) };
      const statuses: number[] = [];
      let paymentId = '';
      const forwarded = await forwardedBy(async () => {
        const first = await weather(paymentHeader(payment));
        expect(first.status).toBe(503);
        expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
        const problem = await problemOf(first);
        expect(problem).toMatchObject({ slug: 'payment-unknown', paymentId: expect.stringMatching(/^pay_/) });
        paymentId = String(problem.paymentId);
        const startedAtMs = Date.now();
        await expect
          .poll(
            async () => {
              const answer = await weather(paymentHeader(payment), statuses.length % 2 === 0 ? 0 : 1);
              statuses.push(answer.status);
              return answer.status;
            },
            { timeout: RESOLVED_MS_MAX, intervals: [200] },
          )
          .toBe(409);
        test.info().annotations.push({ type: 'resolved after ms', description: String(Date.now() - startedAtMs) });
      });
      expect(new Set(statuses)).toEqual(statuses.length > 1 ? new Set([503, 409]) : new Set([409]));
      expect(forwarded).toBe(1);
      expect((await debitsOf(payer)) - before.debits).toBe(1);
      await expect
        .poll(() => done(management.GET('/payments/{paymentId}', { params: { path: { paymentId } } })), {
          timeout: RESOLVED_MS_MAX,
        })
        .toMatchObject({ state: 'refunded', transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
      expect(await payer.balance()).toBe(before.balance);
    });
  }
});
