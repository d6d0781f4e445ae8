import { nanoUsd } from '@tollwright/core';
import { noFaults } from '@tollwright/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GatewayProcess } from './gateway-harness.ts';
import { chatCall, eventsIn, type Market, openMarket, type Payer, receiptIn } from './stranger-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const ATOMIC = 10_000n;
/** So many calls of one payer may be served and not settled. */
const OPEN_MAX = 3;
const SLOW_MS = 4_000;

let market: Market;
let gateways: readonly [GatewayProcess, GatewayProcess];

beforeAll(async () => {
  market = await openMarket(({ operationId }) => {
    const free = { freeAnswers: { statuses: [202], zeroField: null } };
    if (operationId === 'getQuote') return { strangerPriceNanoUsd: PRICE, ...free };
    if (operationId === 'createCompletion') {
      const ofNothing = { freeAnswers: { statuses: [], zeroField: 'output_tokens' } };
      return { strangerPriceNanoUsd: PRICE, settles: 'before', ...ofNothing };
    }
    const exposureCapNanoUsd = nanoUsd(PRICE * BigInt(OPEN_MAX));
    return { strangerPriceNanoUsd: PRICE, settles: 'before', exposureCapNanoUsd };
  });
  gateways = [await market.stage.startGateway('one'), await market.stage.startGateway('two')];
});
afterAll(() => market?.close());
afterEach(() => void Object.assign(market.facilitator.faults, noFaults()));

const weather = (gateway: GatewayProcess) => `${gateway.url}/acme/llm/weather?city=Porto`;
const eventOf = async (payer: string) => (await market.stage.events()).filter((event) => event.payer === payer).at(-1);
const paymentOf = (payer: string) => market.lastPayment((payment) => payment.payer === payer);
const takenFrom = async (payer: string) =>
  (await market.chain.transfers(payer as `0x${string}`)).map(({ amountAtomic }) => amountAtomic);
const hasReceipt = (response: Response) => response.headers.has('payment-response');

async function served(payer: Payer, gateway = gateways[0]) {
  const response = await payer.pay(weather(gateway));
  expect(response.status).toBe(200);
  return hasReceipt(response) ? 'settled first' : 'served first';
}

describe('a stranger on an optimistic route', () => {
  it('is answered while the money is still there, and settled right after', async () => {
    const payer = await market.newPayer();
    const verified = market.facilitator.counts.verify;
    market.facilitator.faults.settleDelayMs = SLOW_MS;
    const response = await payer.pay(weather(gateways[0]));
    expect([response.status, hasReceipt(response)]).toEqual([200, false]);
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.01');
    expect(await takenFrom(payer.address)).toEqual([]);
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled', settles: 'optimistic' });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: PRICE });
    expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
    expect(market.facilitator.counts.verify).toBe(verified);
  });

  it('gets a stream whole before anything is settled', async () => {
    const payer = await market.newPayer();
    const response = await payer.pay(...chatCall(gateways[0], { stream: true, upstream: { chunkIntervalMs: 20 } }));
    expect(eventsIn(await response.text()).at(-1)?.data).toBe('[DONE]');
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'settled' });
    expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
    const broken = await payer.pay(
      ...chatCall(gateways[0], { stream: true, upstream: { cutAfterChunks: 1, chunkIntervalMs: 20 } }),
    );
    await expect(broken.text()).rejects.toThrow();
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'released' });
    expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
  });

  it('never has more open than the cap at two gateways at once; what is beyond it is settled first', async () => {
    const payer = await market.newPayer();
    market.facilitator.faults.settleDelayMs = SLOW_MS;
    const signed = await Promise.all(Array.from({ length: 8 }, () => payer.sign(weather(gateways[0]))));
    const responses = await Promise.all(
      signed.map((headers, index) => fetch(weather(gateways[index % 2] as GatewayProcess), { headers })),
    );
    expect(responses.map(({ status }) => status)).toEqual(signed.map(() => 200));
    expect(responses.filter((response) => !hasReceipt(response))).toHaveLength(OPEN_MAX);
    await expect.poll(() => takenFrom(payer.address)).toEqual(signed.map(() => ATOMIC));
  });

  it('is settled first after a payment that was served and not settled, until one is settled', async () => {
    const payer = await market.newPayer(0n);
    expect(await served(payer)).toBe('served first');
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'unknown' });
    const lost = await paymentOf(payer.address);
    if (lost === undefined) throw new Error('there is no payment');
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: 0n, shortfallNanoUsd: PRICE });
    // As the worker does once the authorization has ended.
    const failed = { ...lost, state: 'failed' as const, version: lost.version + 1, reason: 'expired' };
    expect((await market.stage.state.claims.move(lost.claimKey, lost, failed)).kind).toBe('moved');
    await market.chain.mint(payer.signer.address, 10n * ATOMIC);
    expect([await served(payer, gateways[1]), await served(payer)]).toEqual(['settled first', 'served first']);
  });

  it.each(['failSettles', 'dropSettleRequests'] as const)(
    'is settled by its gateway, which asks again a facilitator that does not answer (%s)',
    async (fault) => {
      const payer = await market.newPayer();
      market.facilitator.faults[fault] = 1;
      expect(await served(payer)).toBe('served first');
      await expect.poll(() => paymentOf(payer.address), { timeout: 5_000 }).toMatchObject({ state: 'settled' });
      await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: PRICE, shortfallNanoUsd: 0n });
      expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
    },
  );

  it('is debited once where a settlement was done and its answer was lost', async () => {
    const payer = await market.newPayer();
    market.facilitator.faults.loseSettleReplies = 1;
    expect(await served(payer)).toBe('served first');
    await expect.poll(() => paymentOf(payer.address), { timeout: 5_000 }).toMatchObject({ state: 'unknown' });
    expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
  });

  it('leaves a payment that somebody finds, where the gateway is killed after its answer', async () => {
    const payer = await market.newPayer();
    const victim = await market.stage.startGateway('victim');
    market.facilitator.faults.settleDelayMs = 60_000;
    expect(await served(payer, victim)).toBe('served first');
    victim.child.kill('SIGKILL');
    const { claims } = market.stage.state;
    const found = async () => (await claims.unresolved('', 1_000)).find(({ record }) => record.payer === payer.address);
    await expect.poll(found).toMatchObject({ record: { settles: 'optimistic', priceNanoUsd: PRICE } });
    expect(['served', 'settling']).toContain((await found())?.record.state);
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ decision: 'interrupted', chargedNanoUsd: 0n });
  });
});

describe('an answer that is free by the rule of its route', () => {
  it('is not settled, and has no receipt', async () => {
    const payer = await market.newPayer();
    const url = `${gateways[0].url}/acme/llm/quotes/ACME`;
    const response = await payer.pay(url, { headers: { 'x-upstream-status': '202' } });
    expect([response.status, hasReceipt(response)]).toEqual([202, false]);
    expect(response.headers.get('tollwright-cost-usd')).toBe('0.00');
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'released', reason: 'nothing was owed' });
    expect(receiptIn(await payer.pay(url))).toMatchObject({ success: true });
    expect(await takenFrom(payer.address)).toEqual([ATOMIC]);
  });

  it('is given back where it was paid before', async () => {
    const payer = await market.newPayer();
    const body = JSON.stringify({ model: 'toll-small', prompt: 'Go on', upstream: { zeroUsage: 1 } });
    const headers = { 'content-type': 'application/json' };
    const response = await payer.pay(`${gateways[0].url}/acme/llm/v1/completions`, { method: 'POST', headers, body });
    expect([response.status, hasReceipt(response)]).toEqual([200, false]);
    await expect.poll(() => paymentOf(payer.address)).toMatchObject({ state: 'refunding', reason: 'nothing was owed' });
    await expect.poll(() => eventOf(payer.address)).toMatchObject({ chargedNanoUsd: 0n });
  });
});
