import { nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import {
  byCeiling,
  CEILING_ATOMIC,
  chatCall,
  eventsIn,
  type Market,
  openMarket,
  receiptIn,
} from './stranger-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const BEFORE = '/acme/llm/v1/completions';

let market: Market;
let gateway: GatewayProcess;

beforeAll(async () => {
  market = await openMarket(({ operationId }) => {
    if (operationId === 'createChatCompletion') return byCeiling();
    return { strangerPriceNanoUsd: PRICE, ...(operationId === 'createCompletion' ? { settles: 'before' } : {}) };
  });
  gateway = await market.stage.startGateway('one');
});
afterAll(() => market?.close());

const streamed = (upstream: object = {}) => chatCall(gateway, { stream: true, upstream });
const completion = (upstream: object, path = BEFORE): [string, RequestInit] => {
  const body = JSON.stringify({ model: 'toll-small', prompt: 'Go on', stream: true, upstream });
  return [`${gateway.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }];
};
const eventOf = async (payer: string) => (await market.stage.events()).filter((event) => event.payer === payer).at(-1);
const paymentOf = (payer: string) => market.lastPayment((payment) => payment.payer === payer);
const takenFrom = async (payer: string) =>
  (await market.chain.transfers(payer as `0x${string}`)).map(({ amountAtomic }) => amountAtomic);

/** Reads up to the first bytes of the body, and says how many tokens the upstream had written by then. */
async function firstOf(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('there is no body');
  const { value } = await reader.read();
  const { outputTokens } = market.stage.upstream.log.stats(null);
  const rest = async () => {
    let text = new TextDecoder().decode(value);
    for (let part = await reader.read(); !part.done; part = await reader.read())
      text += new TextDecoder().decode(part.value);
    return text;
  };
  return { outputTokens, reader, rest };
}

const tokensSoFar = () => market.stage.upstream.log.stats(null).outputTokens;

describe('a stream that is sold under a ceiling', () => {
  it('passes at once, and is settled for what was used when it is over', async () => {
    const payer = await market.newPayer();
    const before = tokensSoFar();
    const response = await payer.pay(...streamed({ completionTokens: 100, chunks: 5, chunkIntervalMs: 800 }));
    expect([response.status, response.headers.get('payment-response')]).toEqual([200, null]);
    const { outputTokens, rest } = await firstOf(response);
    expect(outputTokens - before).toBeLessThan(100);
    const events = eventsIn(await rest());
    expect(events.map(({ name }) => name).slice(-2)).toEqual(['message', 'payment-receipt']);
    expect(events.at(-2)?.data).toBe('[DONE]');
    const receipt = JSON.parse(events.at(-1)?.data ?? '') as object;
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled' });
    const payment = await paymentOf(payer.address);
    expect(receipt).toMatchObject({ success: true, amount: payment?.amountAtomic, transaction: payment?.transaction });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: payment?.priceNanoUsd });
    expect((await eventOf(payer.address))?.data).toMatchObject({ output_tokens: 100 });
    expect(await takenFrom(payer.address)).toEqual([BigInt(payment?.amountAtomic ?? 0)]);
  });

  it('is cut where it would use more than its ceiling, and charged so much', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(
      ...streamed({ completionTokens: 24_000, ignoreCap: 1, chunks: 240, chunkIntervalMs: 60, omitUsage: 1 }),
    );
    const events = eventsIn(await response.text());
    expect(events.map(({ name }) => name).slice(-2)).toEqual(['error', 'payment-receipt']);
    expect(events.at(-2)?.data).toContain('budget-exhausted');
    await expect.poll(() => eventOf(payer.address)).toBeDefined();
    const event = await eventOf(payer.address);
    expect(event?.shortfallNanoUsd).toBeGreaterThan(0n);
    const [taken] = await takenFrom(payer.address);
    expect(taken).toBe(((event?.chargedNanoUsd ?? 0n) + 999n) / 1_000n);
    expect(taken).toBeLessThanOrEqual(CEILING_ATOMIC);
  });

  it('is charged up to the moment in which the caller hung up', async () => {
    const payer = await market.newPayer();
    const gone = new AbortController();
    const [url, init] = streamed({ completionTokens: 200, chunks: 50, chunkIntervalMs: 100, omitUsage: 1 });
    const response = await payer.pay(url, { ...init, signal: gone.signal });
    await firstOf(response);
    gone.abort();
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled' });
    await expect.poll(() => eventOf(payer.address)).toBeDefined();
    const event = await eventOf(payer.address);
    expect(event?.chargedNanoUsd).toBeGreaterThan(0n);
    expect(Number(event?.data.output_tokens)).toBeLessThan(200);
    expect(await takenFrom(payer.address)).toEqual([((event?.chargedNanoUsd ?? 0n) + 999n) / 1_000n]);
  });

  it('is not charged where the upstream breaks it off', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(
      ...streamed({ completionTokens: 50, chunks: 5, chunkIntervalMs: 20, cutAfterChunks: 2 }),
    );
    await expect(response.text()).rejects.toThrow();
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'released' });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: 0n });
    expect(await takenFrom(payer.address)).toEqual([]);
  });

  it('is cut while its payment can still be settled', async () => {
    const payer = await market.newPayer();
    const response = await payer.payWithin(38)(
      ...streamed({ completionTokens: 500, chunks: 100, chunkIntervalMs: 200 }),
    );
    const events = eventsIn(await response.text());
    expect(events.map(({ name }) => name).slice(-2)).toEqual(['error', 'payment-receipt']);
    expect(events.at(-2)?.data).toContain('upstream-timeout');
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled' });
    expect(await takenFrom(payer.address)).toHaveLength(1);
  });

  it('is not begun on a payment that ends within half a minute', async () => {
    const payer = await market.newPayer();
    const response = await payer.payWithin(20)(...streamed());
    expect(response.status).toBe(402);
    expect(await problemOf(response)).toMatchObject({ slug: 'payment-invalid', reason: 'payment_ends_too_soon' });
    expect(await paymentOf(payer.address)).toBeUndefined();
  });

  it('says that its payment is in doubt, and counts what was served as not paid', async () => {
    const payer = await market.newPayer();
    market.facilitator.faults.dropSettleRequests = 1;
    const response = await payer.pay(...streamed({ completionTokens: 20, chunks: 2, chunkIntervalMs: 5 }));
    const last = eventsIn(await response.text()).at(-1);
    expect([last?.name, last?.data.includes('payment-unknown')]).toEqual(['error', true]);
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'unknown' });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: 0n });
    const event = await eventOf(payer.address);
    expect(event?.shortfallNanoUsd).toBe(event?.ratedNanoUsd);
    expect(event?.ratedNanoUsd).toBeGreaterThan(0n);
  });
});

describe('a stream at a fixed price', () => {
  it.each([
    ['on a route that is paid before', BEFORE],
    ['on any other', '/acme/llm/v1/messages'],
  ])('is paid first, has its receipt in its head, and passes at once: %s', async (_where, path) => {
    const payer = await market.newPayer();
    const before = tokensSoFar();
    const [url, init] = completion({ completionTokens: 100, chunks: 5, chunkIntervalMs: 800 }, path);
    const body =
      path === BEFORE
        ? {}
        : {
            body: String(init.body).replace(
              '"prompt":"Go on"',
              '"max_tokens":500,"messages":[{"role":"user","content":"Go on"}]',
            ),
          };
    const response = await payer.pay(url, { ...init, ...body });
    expect(response.status).toBe(200);
    expect(receiptIn(response)).toMatchObject({ success: true });
    expect(await takenFrom(payer.address)).toEqual([10_000n]);
    const { outputTokens, rest } = await firstOf(response);
    expect(outputTokens - before).toBeLessThan(100);
    expect(eventsIn(await rest()).some(({ name }) => name === 'payment-receipt')).toBe(false);
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: PRICE });
  });

  it('is given back where the upstream breaks it off, and says so', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(
      ...completion({ completionTokens: 50, chunks: 5, chunkIntervalMs: 20, cutAfterChunks: 2 }),
    );
    const last = eventsIn(await response.text()).at(-1);
    expect([last?.name, last?.data.includes('upstream-failed')]).toEqual(['error', true]);
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'refunding' });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: 0n });
  });

  it('stays paid where the caller hung up', async () => {
    const payer = await market.newPayer();
    const gone = new AbortController();
    const [url, init] = completion({ completionTokens: 200, chunks: 50, chunkIntervalMs: 100 });
    await firstOf(await payer.pay(url, { ...init, signal: gone.signal }));
    gone.abort();
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: PRICE });
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled' });
  });
});
