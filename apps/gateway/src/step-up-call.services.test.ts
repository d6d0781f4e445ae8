import type { ApiSnapshot, PaymentApproval, PolicyConfig, StepUp, VerifiedPayers } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bearer, type GatewayProcess, problemOf } from './gateway-harness.ts';
import { chatCall, type Market, openMarket, type Payer } from './stranger-harness.ts';
import { untilRoom, untilServed } from './until-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const ATOMIC = 10_000n;
const HALF = nanoUsd(PRICE / 2n);
/** So many calls a payer pays for in a day. */
const DAY = 3;
const SOLD_BY: Readonly<Record<string, Partial<StepUp>>> = {
  getWeather: { aboveNanoUsd: HALF },
  getQuote: { payerAboveNanoUsd: nanoUsd(PRICE * BigInt(DAY)) },
  createChatCompletion: { aboveNanoUsd: HALF, needs: 'owner-approval' },
};

let market: Market;
let gateways: readonly [GatewayProcess, GatewayProcess];

beforeAll(async () => {
  market = await openMarket(() => ({}));
  await announce();
  gateways = [await market.stage.startGateway('one'), await market.stage.startGateway('two')];
});
beforeEach(() => untilRoom(market.stage, 86_400));
afterAll(() => market?.close());

/** Sells the three routes above; a key pays for all but its first call of a day. */
function announce(verifiedPayers?: VerifiedPayers): Promise<ApiSnapshot> {
  const { routes, plans } = market.stage.sample;
  const options = { name: 'calls', meters: ['requests'], limit: '1', period: 'day', onExhausted: 'overflow' };
  const quota: PolicyConfig = { type: 'quota', options, shadow: false };
  const sold = market.sold(routes, ({ operationId }) => {
    const rule = SOLD_BY[operationId];
    const none = { aboveNanoUsd: null, payerAboveNanoUsd: null, needs: 'verified-payer' } as const;
    return { strangerPriceNanoUsd: PRICE, ...(rule === undefined ? {} : { stepUp: { ...none, ...rule } }) };
  });
  return market.stage.publish({
    ...sold,
    ...(verifiedPayers === undefined ? {} : { verifiedPayers }),
    plans: plans.map((plan) => ({ ...plan, terms: { ...plan.terms, policies: [quota] } })),
  });
}

/** The same, once every gateway does. */
async function publish(verifiedPayers?: VerifiedPayers): Promise<void> {
  await untilServed(gateways, (await announce(verifiedPayers)).version);
}

/** This wallet is known, and no other. */
const knowing = ({ address }: Payer) => publish({ addresses: [address], customers: [] });

const weather = (gateway = gateways[0]) => `${gateway.url}/acme/llm/weather?city=Porto`;
const quote = (gateway = gateways[0]) => `${gateway.url}/acme/llm/quotes/ACME`;
const forwarded = () => market.stage.upstream.log.stats(null).calls;
const paidBy = async ({ address }: Payer) =>
  (await market.chain.transfers(address as `0x${string}`)).map(({ amountAtomic }) => amountAtomic);
const paymentsOf = async ({ address }: Payer) =>
  (await market.stage.payments()).filter((payment) => payment.payer === address);
const lost = async () =>
  (await market.stage.tallies())
    .flatMap(({ counts }) => counts)
    .reduce((sum, { loss, count }) => (loss === 'step-up' ? sum + count : sum), 0);

describe('a price above the limit of a route', () => {
  it('is asked of nobody while nobody is known, and a payment that comes nonetheless is not taken', async () => {
    const payer = await market.newPayer();
    await knowing(payer);
    expect((await fetch(weather())).status).toBe(402);
    const [calls, headers] = [forwarded(), await payer.sign(weather())];
    await publish();
    for (const response of [await fetch(weather()), await fetch(weather(), { headers })]) {
      expect([response.status, response.headers.get('payment-required')]).toEqual([403, null]);
      expect(await problemOf(response)).toMatchObject({
        ...{ slug: 'step-up-required', missing: ['verified-payer'], limit: `${HALF}`, unit: 'nano-usd' },
        ...{ limitOf: 'payment', url: 'http://portal.test/p/acme' },
      });
    }
    expect([forwarded(), await paidBy(payer), await paymentsOf(payer)]).toEqual([calls, [], []]);
    await expect.poll(lost).toBe(1);
    // The same words still pay once nothing is missing.
    await knowing(payer);
    expect((await fetch(weather())).status).toBe(402);
    expect((await fetch(weather(), { headers })).status).toBe(200);
    expect(await paidBy(payer)).toEqual([ATOMIC]);
  });

  it('is paid by a wallet that the provider knows, and by no other', async () => {
    const [known, stranger] = [await market.newPayer(), await market.newPayer()];
    await knowing(known);
    const asked = await problemOf(await fetch(weather()));
    expect(asked).toMatchObject({
      slug: 'payment-required',
      stepUp: { missing: ['verified-payer'], limit: `${HALF}` },
    });
    const before = await lost();
    const refused = await stranger.pay(weather());
    expect([refused.status, (await problemOf(refused)).missing]).toEqual([403, ['verified-payer']]);
    expect([await paidBy(stranger), await paymentsOf(stranger)]).toEqual([[], []]);
    await expect.poll(lost).toBe(before + 1);
    expect((await known.pay(weather())).status).toBe(200);
    expect(await paidBy(known)).toEqual([ATOMIC]);
  });
});

describe('what one payer pays in a day', () => {
  it('never passes the limit, at two gateways at once; who is known is not counted', async () => {
    const [payer, known] = [await market.newPayer(), await market.newPayer()];
    await knowing(known);
    const signed = await Promise.all(Array.from({ length: 8 }, () => payer.sign(quote())));
    const responses = await Promise.all(signed.map((headers, index) => fetch(quote(gateways[index % 2]), { headers })));
    const served = signed.filter((_, index) => responses[index]?.status === 200);
    const refused = responses.filter(({ status }) => status === 403);
    expect([served.length, refused.length]).toEqual([DAY, 8 - DAY]);
    expect(await problemOf(refused[0] as Response)).toMatchObject({
      ...{ slug: 'step-up-required', missing: ['verified-payer'], limitOf: 'payer-day' },
      limit: `${PRICE * BigInt(DAY)}`,
    });
    expect(await paidBy(payer)).toEqual(Array.from({ length: DAY }, () => ATOMIC));
    // What has paid is told so, whatever room there is now.
    const again = await fetch(quote(), { headers: served[0] as Record<string, string> });
    expect(await problemOf(again)).toMatchObject({ slug: 'payment-used', state: 'settled' });
    for (let call = 0; call <= DAY; call += 1) expect((await known.pay(quote())).status).toBe(200);
  });
});

describe("an owner's approval", () => {
  const chat = (key: string | null, headers: Record<string, string> = {}, gateway = gateways[0]) => {
    const [url, init] = chatCall(gateway);
    return [url, { ...init, headers: { ...(init.headers as object), ...bearer(key), ...headers } }] as const;
  };
  const approve = (agentId: string, change: Partial<PaymentApproval>): PaymentApproval => ({
    ...{ approvalId: `apv_${agentId}`, agentId, routeId: 'rte_createChatCompletion', livemode: true, once: true },
    ...{ limitNanoUsd: PRICE, expiresAtMs: Date.now() + 60_000 },
    ...change,
  });
  /** A key whose quota of the day is used up. */
  async function subscribe(customerId: string): Promise<string> {
    const key = await market.stage.subscribe(customerId);
    expect((await fetch(...chat(key))).status).toBe(200);
    return key;
  }
  const approved = (customerId: string, key: string, approvals: PaymentApproval[], version = 2) =>
    market.stage.subscribe(customerId, { key, version, customer: { approvals } });

  it('is what a stranger is told to send a key for', async () => {
    await publish();
    const answer = await fetch(...chat(null));
    expect(answer.status).toBe(403);
    expect(await problemOf(answer)).toMatchObject({
      ...{ slug: 'step-up-required', missing: ['owner-approval'], url: 'http://portal.test/p/acme' },
      detail: expect.stringContaining('Send a key'),
    });
  });

  it('of once is used once, by two gateways at once; the owner is asked once a minute by each', async () => {
    const customerId = 'cus_once';
    const key = await subscribe(customerId);
    const refusals = await Promise.all(Array.from({ length: 3 }, () => fetch(...chat(key))));
    expect(await problemOf(refusals[0] as Response)).toMatchObject({
      ...{ slug: 'step-up-required', missing: ['owner-approval'] },
      url: `http://portal.test/p/acme/${customerId}/approvals`,
    });
    const asks = async () => (await market.stage.asks()).filter((ask) => ask.customerId === customerId);
    await expect.poll(asks).toMatchObject([{ priceNanoUsd: PRICE, routeId: 'rte_createChatCompletion' }]);
    const { agentId } = (await asks())[0] as { agentId: string };
    await approved(customerId, key, [approve(agentId, {})]);
    await expect.poll(async () => (await fetch(...chat(key))).status).toBe(402);
    const payers = [await market.newPayer(), await market.newPayer(), await market.newPayer(), await market.newPayer()];
    const signed = await Promise.all(payers.map((payer) => payer.sign(...chat(key))));
    const responses = await Promise.all(
      signed.map((headers, index) => fetch(...chat(key, headers, gateways[index % 2]))),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    expect((await Promise.all(payers.map(paidBy))).flat()).toEqual([ATOMIC]);
    const underApproval = async () => (await market.stage.payments()).filter(({ approvalId }) => approvalId !== null);
    await expect.poll(underApproval).not.toEqual([]);
    expect((await underApproval())[0]).toMatchObject({ approvalId: `apv_${agentId}`, customerId, agentId });
    await expect.poll(asks).toHaveLength(2);
  });

  it('for a day is used up to its amount, by its agent alone, until it ends', async () => {
    const [mine, other] = [await subscribe('cus_day'), await subscribe('cus_none')];
    await fetch(...chat(mine));
    const asks = async () => (await market.stage.asks()).filter(({ customerId }) => customerId === 'cus_day');
    await expect.poll(asks).toHaveLength(1);
    const { agentId } = (await asks())[0] as { agentId: string };
    const day = approve(agentId, { once: false, limitNanoUsd: nanoUsd(2n * PRICE) });
    await approved('cus_day', mine, [day]);
    await approved('cus_none', other, [{ ...day, approvalId: 'apv_of_another' }]);
    await expect.poll(async () => (await fetch(...chat(mine))).status).toBe(402);
    const payer = await market.newPayer();
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await payer.pay(...chat(mine))).status);
    expect(statuses).toEqual([200, 200, 403]);
    expect((await payer.pay(...chat(other))).status).toBe(403);
    expect(await paidBy(payer)).toEqual([ATOMIC, ATOMIC]);
    await approved('cus_day', mine, [{ ...day, approvalId: 'apv_ended', expiresAtMs: Date.now() - 1 }], 3);
    await expect.poll(async () => (await fetch(...chat(mine))).status).toBe(403);
  });

  it('is not needed of a customer that the provider knows', async () => {
    const key = await subscribe('cus_known');
    expect((await fetch(...chat(key))).status).toBe(403);
    await publish({ addresses: [], customers: ['cus_known'] });
    expect((await fetch(...chat(key))).status).toBe(402);
    const payer = await market.newPayer();
    expect((await payer.pay(...chat(key))).status).toBe(200);
  });
});
