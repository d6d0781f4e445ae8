import { nanoUsd } from '@tollwright/core';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import {
  byCeiling,
  CEILING,
  CEILING_ATOMIC,
  chatCall,
  type Market,
  openMarket,
  receiptIn,
} from './stranger-harness.ts';

const CEILING_PRICE = nanoUsd(CEILING);

let market: Market;
let gateway: GatewayProcess;

beforeAll(async () => {
  market = await openMarket(({ extractorId }) => (extractorId === 'ext_openai' ? byCeiling() : {}));
  gateway = await market.stage.startGateway('one');
});
afterAll(() => market?.close());

const forwarded = () => market.stage.upstream.log.stats(null).calls;
const using = (promptTokens: number, completionTokens: number, more: object = {}) => ({
  upstream: { reportedPromptTokens: promptTokens, reportedCompletionTokens: completionTokens, ...more },
});
const ask = (body: object = {}) => chatCall(gateway, body);
const eventOf = async (payer: string) => (await market.stage.events()).filter((event) => event.payer === payer).at(-1);
const paymentOf = (payer: string) => market.lastPayment((payment) => payment.payer === payer);
const takenFrom = async (payer: string) =>
  (await market.chain.transfers(payer as `0x${string}`)).map(({ amountAtomic }) => amountAtomic);

describe('a stranger on a route that is sold under a ceiling', () => {
  it('gets a 402 with the ceiling, by the one scheme that takes less', async () => {
    const response = await fetch(...ask());
    expect(response.status).toBe(402);
    const required = JSON.parse(Buffer.from(response.headers.get('payment-required') ?? '', 'base64').toString());
    expect(required.accepts).toHaveLength(1);
    expect(required.accepts[0]).toMatchObject({ scheme: 'upto', amount: String(CEILING_ATOMIC), payTo: market.payTo });
  });

  it('pays what was used: receipt, record, event and chain say the same to the unit', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(...ask(using(1_000, 200)));
    expect(response.status).toBe(200);
    const charged = 1_000n * 1_000n + 200n * 2_000n;
    const receipt = receiptIn(response);
    expect(receipt).toMatchObject({ success: true, amount: '1400' });
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.0014');
    await expect
      .poll(() => paymentOf(payer.address))
      .toMatchObject({
        ...{ state: 'settled', scheme: 'upto', transaction: receipt.transaction },
        ...{ amountAtomic: '1400', priceNanoUsd: charged, roundingNanoUsd: 0n },
      });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ ratedNanoUsd: charged, chargedNanoUsd: charged });
    expect(await takenFrom(payer.address)).toEqual([1_400n]);
  });

  it('has its output capped so that the worst case fits, and is charged at most the ceiling', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(...ask(using(9_000_000, 9_000_000)));
    expect(response.status).toBe(200);
    const event = await expect
      .poll(() => eventOf(payer.address))
      .toBeDefined()
      .then(() => eventOf(payer.address));
    if (event === undefined) throw new Error('there is no event');
    expect(event.ratedNanoUsd).toBe(27_000_000_000n);
    expect(event.chargedNanoUsd).toBeLessThanOrEqual(CEILING);
    expect(event.ratedNanoUsd - event.chargedNanoUsd).toBe(event.shortfallNanoUsd);
    expect(receiptIn(response).amount).toBe(((event.chargedNanoUsd + 999n) / 1_000n).toString());
    expect(await takenFrom(payer.address)).toEqual([(event.chargedNanoUsd + 999n) / 1_000n]);
  });

  it('pays nothing for nothing: no transaction, no receipt, and the authorization stays unused', async () => {
    const payer = await market.newPayer();
    const paying = await payer.sign(...ask(using(0, 0)));
    const [url, init] = ask(using(0, 0));
    const send = () => fetch(url, { ...init, headers: { ...init.headers, ...paying } });
    const settled = market.facilitator.counts.settle;
    for (const response of [await send(), await send()]) {
      expect([response.status, response.headers.get('payment-response')]).toEqual([200, null]);
      expect(response.headers.get('tollwright-cost-usd')).toBe('0.00');
    }
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'released', reason: 'nothing was owed' });
    expect(market.facilitator.counts.settle).toBe(settled);
    expect(await takenFrom(payer.address)).toEqual([]);
  });

  it('is refused before anything is claimed where its own cap may cost more than the ceiling', async () => {
    const payer = await market.newPayer();
    const before = forwarded();
    const response = await payer.pay(...ask({ max_tokens: 1_000, n: 8 }));
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ slug: 'unbounded-call' });
    expect(forwarded()).toBe(before);
    expect(await paymentOf(payer.address)).toBeUndefined();
  });

  it('is refused for a model without a price, and not charged for an upstream that fails', async () => {
    const payer = await market.newPayer();
    const unpriced = await payer.pay(...ask({ model: 'nobody-prices-it' }));
    expect([unpriced.status, (await problemOf(unpriced)).slug]).toEqual([422, 'unbounded-call']);
    const failed = await payer.pay(...ask({ upstream: { status: 503 } }));
    expect([failed.status, failed.headers.get('payment-response')]).toEqual([503, null]);
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'released' });
    expect(await takenFrom(payer.address)).toEqual([]);
  });

  it('sending one payment ten times at once runs the upstream once and is charged once', async () => {
    const payer = await market.newPayer();
    const body = using(100, 10, { delayMs: 300 });
    const paying = await payer.sign(...ask(body));
    const [url, init] = ask(body);
    const before = forwarded();
    const send = () => fetch(url, { ...init, headers: { ...init.headers, ...paying } });
    const statuses = (await Promise.all(Array.from({ length: 10 }, send))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    expect(forwarded() - before).toBe(1);
    expect(await takenFrom(payer.address)).toEqual([120n]);
  });

  it('may still pay by use for the time of its challenge after the route got a fixed price', async () => {
    const payer = await market.newPayer();
    const paying = await payer.sign(...ask(using(100, 10)));
    const { stage } = market;
    const { routes } = stage.sample;
    await stage.publish(market.sold(routes, () => ({ strangerPriceNanoUsd: CEILING_PRICE })));
    const schemes = async () => {
      const response = await fetch(...ask());
      const required = Buffer.from(response.headers.get('payment-required') ?? '', 'base64').toString();
      return [...required.matchAll(/"scheme":"(\w+)"/g)].map(([, scheme]) => scheme);
    };
    await expect.poll(schemes).toEqual(['exact', 'upto']);
    const [url, init] = ask(using(100, 10));
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...paying } });
    expect(response.status).toBe(200);
    expect(receiptIn(response)).toMatchObject({ amount: '120' });
    expect(await takenFrom(payer.address)).toEqual([120n]);
  });

  it('pays all of a fixed price by the same scheme, whatever was used', async () => {
    const [price, priceAtomic] = [nanoUsd(CEILING_PRICE / 2n), CEILING_ATOMIC / 2n];
    const { stage } = market;
    await stage.publish(market.sold(stage.sample.routes, () => ({ strangerPriceNanoUsd: price })));
    const amounts = async () => {
      const response = await fetch(...ask());
      const required = Buffer.from(response.headers.get('payment-required') ?? '', 'base64').toString();
      return [...required.matchAll(/"amount":"(\d+)"/g)].map(([, amount]) => amount);
    };
    await expect.poll(amounts).toEqual([`${priceAtomic}`, `${priceAtomic}`]);
    const payer = await market.newPayer();
    const { network, rpcUrl } = market.chain;
    const client = new x402Client().register(network.network, new UptoEvmScheme(payer.signer, { rpcUrl }));
    const response = await wrapFetchWithPayment(fetch, client)(...ask(using(100, 10)));
    expect(response.status).toBe(200);
    expect(receiptIn(response)).toMatchObject({ success: true, amount: `${priceAtomic}` });
    await expect
      .poll(() => paymentOf(payer.address))
      .toMatchObject({ state: 'settled', scheme: 'upto', amountAtomic: `${priceAtomic}`, priceNanoUsd: price });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: price, rail: 'x402' });
    expect(await takenFrom(payer.address)).toEqual([priceAtomic]);
  });
});
