import type { ApiSnapshot, PaymentRecord, PolicyConfig, SnapshotRoute, VolumeDiscount } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { loadMppx, type Mppx, mppxEvm, type RedisServer, startRedis } from '@tollwright/testing';
import { wrapFetchWithSIWx } from '@x402/extensions/sign-in-with-x';
import { wrapFetchWithPayment } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foundStore, type GatewayProcess, problemOf } from './gateway-harness.ts';
import { type Market, openMarket, type Payer, PUBLIC_URL, through } from './stranger-harness.ts';
import { untilRoom, untilServed, untilSettled } from './until-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const [FULL, LESS, HALF] = [10_000n, 9_000n, 5_000n];
const WEATHER = `${PUBLIC_URL}/acme/llm/weather?city=Porto`;
const QUOTE = `${PUBLIC_URL}/acme/llm/quotes/ACME`;
const RULE: VolumeDiscount = {
  period: 'month',
  tiers: [
    { measure: 'usd', fromNanoUsd: nanoUsd(39_000_000n), percentOff: 50 },
    { measure: 'calls', from: 2, percentOff: 10 },
  ],
};

/** Every route is sold at one price, and the weather for less to who pays often. */
function sell(rule: VolumeDiscount | null) {
  return ({ operationId }: SnapshotRoute): Partial<SnapshotRoute> => ({
    strangerPriceNanoUsd: PRICE,
    ...(operationId === 'getWeather' && rule !== null ? { discount: rule } : {}),
  });
}

/** The official client, which signs in and pays what it is asked for then. */
function visitorOf(payer: Payer, gateway: GatewayProcess): typeof fetch {
  return wrapFetchWithPayment(wrapFetchWithSIWx(through(gateway), payer.signer), payer.client);
}

/** The payment of one client for what another one was asked for. */
function signedFor(asked: Response, payer: Payer): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const spy: typeof fetch = async (input, init) => {
      const signed = new Request(input, init).headers.get('payment-signature');
      if (signed === null) return asked.clone();
      resolve({ 'payment-signature': signed });
      return new Response('{}');
    };
    wrapFetchWithPayment(spy, payer.client)(WEATHER).catch(reject);
  });
}

let redis: RedisServer;
let mppx: Mppx;
beforeAll(async () => {
  mppx = await loadMppx();
  redis = await startRedis();
  await foundStore(redis.url);
});
afterAll(() => redis?.stop());

describe.each(['PostgreSQL', 'Redis'])('who pays often, with the state in %s', (store) => {
  let market: Market;
  let one: GatewayProcess;
  let two: GatewayProcess;
  beforeAll(async () => {
    market = await openMarket(sell(RULE), store === 'Redis' ? { redisUrl: redis.url } : {});
    await publish(RULE);
    one = await market.stage.startGateway('one', undefined, market.asksChain);
    two = await market.stage.startGateway('two', undefined, market.asksChain);
  });
  beforeEach(() => untilRoom(market.stage, 86_400));
  afterAll(() => market?.close());

  /** A key pays for all but its first call of a day. */
  async function publish(rule: VolumeDiscount | null): Promise<ApiSnapshot> {
    const { routes, plans } = market.stage.sample;
    const options = { name: 'calls', meters: ['requests'], limit: '1', period: 'day', onExhausted: 'overflow' };
    const quota: PolicyConfig = { type: 'quota', options, shadow: false };
    return market.stage.publish({
      ...market.sold(routes, sell(rule)),
      plans: plans.map((plan) => ({ ...plan, terms: { ...plan.terms, policies: [quota] } })),
    });
  }
  const paidBy = async ({ address }: Pick<Payer, 'address'>) =>
    (await market.chain.transfers(address as `0x${string}`)).map(({ amountAtomic }) => amountAtomic);
  const paymentsOf = async ({ address }: Pick<Payer, 'address'>) =>
    (await market.stage.payments()).filter(({ payer, state }) => payer === address && state === 'settled');
  /** What a 402 asks for: the amount of its first offer, and what it says of the discount. */
  const askedIn = async (response: Response) => {
    expect(response.status).toBe(402);
    const { accepts, discount } = (await problemOf(response.clone())) as unknown as {
      readonly accepts: readonly { readonly maxAmountRequired: string }[];
      readonly discount: { readonly next?: unknown };
    };
    return { amount: BigInt(accepts[0]?.maxAmountRequired ?? '0'), discount };
  };
  /** Somebody new with a dollar, and its unmodified client of MPP on the way to a gateway. */
  async function mppPayer() {
    const privateKey = generatePrivateKey();
    const account = privateKeyToAccount(privateKey);
    await market.chain.mint(account.address, 1_000_000n);
    const { chainId, usdc } = market.chain;
    const methods = [mppxEvm(mppx, { privateKey, chainId, usdc })];
    const payBy = (by: typeof fetch) => mppx.client.Mppx.create({ polyfill: false, methods, fetch: by }).fetch;
    return { account, payBy, payer: { address: account.address.toLowerCase() } };
  }
  const signedIn = (payer: Payer, gateway = one) => wrapFetchWithSIWx(through(gateway), payer.signer)(WEATHER);
  async function refund(paid: PaymentRecord): Promise<void> {
    const refunding = { ...paid, state: 'refunding' as const, version: paid.version + 1 };
    expect((await market.stage.state.claims.move(paid.claimKey, paid, refunding)).kind).toBe('moved');
  }

  it('is told by every 402 what there is to be had', async () => {
    const { amount, discount } = await askedIn(await through(one)(WEATHER));
    expect(amount).toBe(FULL);
    expect(discount).toEqual({
      ...{ period: 'month', fullPriceUsd: '0.01', priceUsd: '0.01', percentOff: 0, payer: null, next: null },
      tiers: [
        { fromUsd: '0.039', percentOff: 50 },
        { fromCalls: 2, percentOff: 10 },
      ],
    });
    expect((await askedIn(await through(one)(QUOTE))).discount).toBeUndefined();
  });

  it('pays less beside a key from the third call on, with whichever wallet, at whichever gateway', async () => {
    const customerId = `cus_${store}`;
    const key = await market.stage.subscribe(customerId);
    expect((await through(one, key)(WEATHER)).status).toBe(200);
    await untilSettled(market.stage, customerId);
    const [first, second] = [await market.newPayer(), await market.newPayer()];
    const pay = (payer: Payer, gateway: GatewayProcess, url = WEATHER) =>
      wrapFetchWithPayment(through(gateway, key), payer.client)(url);
    const before = await askedIn(await through(two, key)(WEATHER));
    expect(before.discount).toMatchObject({
      ...{ payer: `customer:${customerId}`, calls: 0, paidUsd: '0.00', percentOff: 0 },
      next: { percentOff: 10, missing: [{ calls: 2 }] },
    });
    // What is paid on another route of the API counts too, and costs what it costs.
    expect((await pay(first, one, QUOTE)).status).toBe(200);
    expect((await pay(second, two)).status).toBe(200);
    const asked = await askedIn(await through(two, key)(WEATHER));
    expect([asked.amount, asked.discount]).toMatchObject([
      LESS,
      { priceUsd: '0.009', fullPriceUsd: '0.01', percentOff: 10, calls: 2, paidUsd: '0.02', next: { percentOff: 50 } },
    ]);
    expect((asked.discount.next as { readonly missing: unknown }).missing).toEqual([{ usd: '0.019' }]);
    for (const [payer, gateway] of [
      [first, one],
      [second, two],
      [first, two],
    ] as const) {
      const paid = await pay(payer, gateway);
      expect(paid.status).toBe(200);
    }
    expect((await pay(second, one)).status).toBe(200);
    expect([await paidBy(first), await paidBy(second)]).toEqual([
      [FULL, LESS, LESS],
      [FULL, LESS, HALF],
    ]);
    const prices = async () => (await paymentsOf(second)).map(({ priceNanoUsd }) => priceNanoUsd);
    await expect.poll(async () => new Set(await prices())).toEqual(new Set([10_000_000n, 9_000_000n, 5_000_000n]));
    for (const paid of await paymentsOf(first)) {
      expect(paid).toMatchObject({ volumePayer: `customer:${customerId}`, customerId });
    }
  });

  it('pays less by its wallet where it signs in, with the official client', async () => {
    const payer = await market.newPayer();
    for (const gateway of [one, two, one, two]) expect((await visitorOf(payer, gateway)(WEATHER)).status).toBe(200);
    expect(await paidBy(payer)).toEqual([FULL, FULL, LESS, LESS]);
    // Nobody knows who asks that does not sign in, and the full price is always enough.
    expect((await wrapFetchWithPayment(through(one), payer.client)(WEATHER)).status).toBe(200);
    expect((await paidBy(payer)).at(-1)).toBe(FULL);
    await expect.poll(async () => (await paymentsOf(payer)).length).toBe(5);
    const less = (await paymentsOf(payer)).filter(({ priceNanoUsd }) => priceNanoUsd < PRICE);
    expect(less).toHaveLength(2);
    expect(less[0]).toMatchObject({
      ...{ volumePayer: `wallet:${payer.address}`, priceNanoUsd: 9_000_000n, amountAtomic: `${LESS}` },
    });
  });

  it('pays less by MPP too, with its official client: a wallet that signs in, and a key', async () => {
    const wallet = await mppPayer();
    const signing = (gateway: GatewayProcess) =>
      wallet.payBy(wrapFetchWithSIWx(through(gateway), wallet.account as unknown as Payer['signer']));
    for (const gateway of [one, two, one]) {
      const paid = await signing(gateway)(WEATHER);
      expect([paid.status, paid.headers.has('payment-receipt')]).toEqual([200, true]);
    }
    expect(await paidBy(wallet.payer)).toEqual([FULL, FULL, LESS]);
    const key = await market.stage.subscribe(`cus_mpp_${store}`);
    expect((await through(one, key)(WEATHER)).status).toBe(200);
    await untilSettled(market.stage, `cus_mpp_${store}`);
    const beside = await mppPayer();
    for (const gateway of [two, one, two]) {
      expect((await beside.payBy(through(gateway, key))(WEATHER)).status).toBe(200);
    }
    expect(await paidBy(beside.payer)).toEqual([FULL, FULL, LESS]);
    const rails = async () => (await paymentsOf(beside.payer)).map(({ rail, volumePayer }) => [rail, volumePayer]);
    const theirs = ['evm', `customer:cus_mpp_${store}`];
    await expect.poll(rails).toEqual([theirs, theirs, theirs]);
  });

  it('is shown the price of its own in a browser, and the one that it is less than', async () => {
    const payer = await market.newPayer();
    for (let call = 0; call < 2; call += 1) await visitorOf(payer, one)(WEATHER);
    const read = async (by: typeof fetch) => (await by(WEATHER, { headers: { accept: 'text/html' } })).text();
    const own = await read(wrapFetchWithSIWx(through(one), payer.signer));
    expect(own).toContain('<h1>This call costs 0.009 USD</h1>');
    expect(own).toContain('This is your price: 10 % less than 0.01 USD');
    const anybody = await read(through(one));
    expect(anybody).toContain('<h1>This call costs 0.01 USD</h1>');
    expect(anybody).not.toContain('your price');
    for (const page of [own, anybody]) expect(page).toContain('10 % off from the 3rd call of a month');
  });

  it('may be a contract', async () => {
    const payer = await market.newContractPayer();
    for (let call = 0; call < 3; call += 1) expect((await visitorOf(payer, one)(WEATHER)).status).toBe(200);
    expect(await paidBy(payer)).toEqual([FULL, FULL, LESS]);
  });

  it('is nobody else: another wallet that pays so little is refused, and its money does not move', async () => {
    const [payer, foreign] = [await market.newPayer(), await market.newPayer()];
    for (let call = 0; call < 2; call += 1) await visitorOf(payer, one)(WEATHER);
    const asked = await signedIn(payer);
    expect((await askedIn(asked)).amount).toBe(LESS);
    const headers = await signedFor(asked, foreign);
    const refused = await through(two)(WEATHER, { headers });
    expect((await askedIn(refused)).amount).toBe(FULL);
    expect(await problemOf(refused)).toMatchObject({ slug: 'payment-invalid', reason: 'discount_not_reached' });
    expect(await paidBy(foreign)).toEqual([]);
    expect((await through(two)(WEATHER, { headers: await signedFor(asked, payer) })).status).toBe(200);
    expect(await paidBy(payer)).toEqual([FULL, FULL, LESS]);
  });

  it('has paid less often once a payment goes back, and what was bought is still told so', async () => {
    const payer = await market.newPayer();
    for (let call = 0; call < 2; call += 1) await visitorOf(payer, one)(WEATHER);
    const asked = await signedIn(payer);
    const headers = await signedFor(asked, payer);
    expect((await through(one)(WEATHER, { headers })).status).toBe(200);
    await expect.poll(async () => (await paymentsOf(payer)).length).toBe(3);
    for (const paid of await paymentsOf(payer)) if (paid.priceNanoUsd === PRICE) await refund(paid);
    const again = await askedIn(await signedIn(payer, two));
    expect([again.amount, again.discount]).toMatchObject([FULL, { calls: 1, paidUsd: '0.009', percentOff: 0 }]);
    const known = await problemOf(await through(two)(WEATHER, { headers }));
    expect(known).toMatchObject({ slug: 'payment-used', state: 'settled' });
    expect(await paidBy(payer)).toEqual([FULL, FULL, LESS]);
  });

  it('pays what it was asked for, for five minutes after the rule is another', async () => {
    const payer = await market.newPayer();
    for (let call = 0; call < 2; call += 1) await visitorOf(payer, one)(WEATHER);
    const asked = await signedIn(payer);
    await untilServed([one, two], (await publish(null)).version);
    for (const gateway of [one, two]) {
      expect((await askedIn(await through(gateway)(WEATHER))).discount).toBeUndefined();
    }
    for (const gateway of [one, two]) {
      expect((await through(gateway)(WEATHER, { headers: await signedFor(asked, payer) })).status).toBe(200);
    }
    expect(await paidBy(payer)).toEqual([FULL, FULL, LESS, LESS]);
    await untilServed([one, two], (await publish(RULE)).version);
  });
});
