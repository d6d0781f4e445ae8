import type { SnapshotRoute } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { type SignInProof, serializeSignIn, signInMessage } from '@tollwright/protocols';
import { noFaults, type RedisServer, startRedis } from '@tollwright/testing';
import { createSIWxClientExtension, wrapFetchWithSIWx } from '@x402/extensions/sign-in-with-x';
import { wrapFetchWithPayment } from '@x402/fetch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { foundStore, type GatewayProcess, problemOf } from './gateway-harness.ts';
import { chatCall, type Market, openMarket, type Payer, PUBLIC_URL, through } from './stranger-harness.ts';

const PRICE = nanoUsd(10_000_000n);
const ACCESS_SECONDS = 3_600;
/** Long enough to sign in once on a busy machine. */
const SHORT_ACCESS_SECONDS = 8;
const WEATHER = `${PUBLIC_URL}/acme/llm/weather?city=Porto`;

/** Every route is sold at one price; some let in again who paid. */
function sell({ operationId }: SnapshotRoute): Partial<SnapshotRoute> {
  const priced = { strangerPriceNanoUsd: PRICE };
  switch (operationId) {
    case 'getQuote':
      return priced;
    case 'createChatCompletion':
      return { ...priced, exposureCapNanoUsd: nanoUsd(PRICE * 3n), settles: 'before', accessSeconds: ACCESS_SECONDS };
    case 'createCompletion':
      return { ...priced, settles: 'before', accessSeconds: ACCESS_SECONDS };
    case 'createMessage':
      return { ...priced, accessSeconds: SHORT_ACCESS_SECONDS };
    default:
      return { ...priced, accessSeconds: ACCESS_SECONDS };
  }
}

/** The official client, which signs in where it can, and pays where that does not let it in. */
function visitorOf(payer: Payer, gateway: GatewayProcess): typeof fetch {
  return wrapFetchWithPayment(wrapFetchWithSIWx(through(gateway), payer.signer), payer.client);
}

interface SignInDeclared {
  readonly info: Omit<SignInProof, 'address' | 'chainId' | 'type' | 'signature'>;
  readonly supportedChains: readonly { readonly chainId: string; readonly type: 'eip191' }[];
}

/** The extension in a 402. */
function declaredIn(response: Response): SignInDeclared | undefined {
  const header = Buffer.from(response.headers.get('payment-required') ?? '', 'base64').toString();
  return (JSON.parse(header) as { extensions: Record<string, SignInDeclared> }).extensions['sign-in-with-x'];
}

/** A proof for the challenge in a 402, with whatever is said otherwise; the header of its call. */
async function proofFor(response: Response, payer: Pick<Payer, 'signer'>, change: Partial<SignInProof> = {}) {
  const declared = declaredIn(response);
  const [chain] = declared?.supportedChains ?? [];
  if (declared === undefined || chain === undefined) throw new Error('nobody is asked to sign in');
  const said = { ...declared.info, ...chain, address: payer.signer.address, ...change };
  const signature = change.signature ?? (await payer.signer.signMessage({ message: signInMessage(said) }));
  return { 'sign-in-with-x': serializeSignIn({ ...said, signature }) };
}

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
  await foundStore(redis.url);
});
afterAll(() => redis?.stop());

describe.each(['PostgreSQL', 'Redis'])('who paid before, with the state in %s', (store) => {
  let market: Market;
  let one: GatewayProcess;
  let two: GatewayProcess;
  beforeAll(async () => {
    market = await openMarket(sell, store === 'Redis' ? { redisUrl: redis.url } : {});
    one = await market.stage.startGateway('one', undefined, market.asksChain);
    two = await market.stage.startGateway('two', undefined, market.asksChain);
  });
  afterAll(() => market?.close());
  afterEach(() => void Object.assign(market.facilitator.faults, noFaults()));

  const paidBy = async ({ address }: Payer) => (await market.chain.transfers(address as `0x${string}`)).length;
  const eventsOf = async ({ address }: Payer) => (await market.stage.events()).filter(({ payer }) => payer === address);
  const paymentOf = ({ address }: Payer) => market.lastPayment(({ payer }) => payer === address);
  const accessOf = (response: Response) => response.headers.get('tollwright-access-until');
  const isSettled = (payer: Payer) => expect.poll(() => paymentOf(payer)).toMatchObject({ state: 'settled' });

  it('signs in with the official client, at whichever gateway, and pays once', async () => {
    const payer = await market.newPayer();
    const first = await visitorOf(payer, one)(WEATHER);
    expect([first.status, accessOf(first), first.headers.has('payment-response')]).toEqual([200, null, true]);
    await isSettled(payer);
    const record = await paymentOf(payer);
    expect(record).toMatchObject({ accessSeconds: ACCESS_SECONDS });
    const until = Date.parse(record?.settledAt ?? '') + ACCESS_SECONDS * 1_000;
    for (const gateway of [two, one, two]) {
      const again = await visitorOf(payer, gateway)(WEATHER);
      expect([again.status, accessOf(again)]).toEqual([200, new Date(until).toISOString()]);
      expect([again.headers.get('tollwright-cost-usd'), again.headers.has('payment-response')]).toEqual([
        '0.00',
        false,
      ]);
      expect(await again.json()).toMatchObject({ city: 'Porto' });
    }
    expect(await paidBy(payer)).toBe(1);
    await expect.poll(async () => (await eventsOf(payer)).length).toBe(4);
    const free = { rail: 'none', paymentId: null, ratedNanoUsd: 0n, chargedNanoUsd: 0n, shortfallNanoUsd: 0n };
    const came = { ...free, status: 200, decision: 'forwarded', routeId: 'rte_getWeather', customerId: null };
    const events = (await eventsOf(payer)).filter(({ paymentId }) => paymentId === null);
    expect(events).toMatchObject([came, came, came]);
  });

  it('signs in with the client’s hook', async () => {
    const payer = await market.newPayer();
    const client = payer.client.registerExtension(createSIWxClientExtension({ signers: [payer.signer] }));
    const call = wrapFetchWithPayment(through(one), client);
    expect((await call(WEATHER)).headers.has('payment-response')).toBe(true);
    expect(accessOf(await call(WEATHER))).not.toBeNull();
    expect(await paidBy(payer)).toBe(1);
  });

  it('gets a stream as it comes, metered', async () => {
    const payer = await market.newPayer();
    const [url, init] = chatCall({ ...one, url: PUBLIC_URL }, { stream: true });
    const send = visitorOf(payer, one);
    await (await send(url, init)).text();
    await isSettled(payer);
    const again = await visitorOf(payer, two)(url, init);
    expect(accessOf(again)).not.toBeNull();
    expect(await again.text()).toContain('[DONE]');
    const free = async () => (await eventsOf(payer)).find(({ rail }) => rail === 'none');
    await expect.poll(free).toMatchObject({ chargedNanoUsd: 0n, data: { output_tokens: expect.any(Number) } });
    expect(await paidBy(payer)).toBe(1);
  });

  it('is told the usual price where nothing was paid, or only elsewhere, and is not asked twice', async () => {
    const payer = await market.newPayer();
    await visitorOf(payer, one)(`${PUBLIC_URL}/acme/llm/quotes/ACME`);
    const without = await through(one)(`${PUBLIC_URL}/acme/llm/quotes/ACME`);
    expect([without.status, declaredIn(without)]).toEqual([402, undefined]);
    const asked = await through(one)(WEATHER);
    const refused = await through(one)(WEATHER, { headers: await proofFor(asked, payer) });
    expect([refused.status, (await problemOf(refused.clone())).slug]).toEqual([402, 'payment-required']);
    expect(declaredIn(refused)?.info.nonce).not.toBe(declaredIn(asked)?.info.nonce);
    const onlySigns = wrapFetchWithSIWx(through(one), payer.signer);
    expect((await onlySigns(WEATHER)).status).toBe(402);
  });

  it('has access once the money is there, not when the answer is', async () => {
    const payer = await market.newPayer();
    market.facilitator.faults.settleDelayMs = 6_000;
    const [url, init] = chatCall({ ...one, url: PUBLIC_URL });
    const optimistic = await visitorOf(payer, one)(url, init);
    expect([optimistic.status, optimistic.headers.has('payment-response')]).toEqual([200, false]);
    const onlySigns = wrapFetchWithSIWx(through(two), payer.signer);
    expect((await onlySigns(url, init)).status).toBe(402);
    await isSettled(payer);
    // A settlement is on disk first, and then in the store.
    await expect.poll(async () => (await onlySigns(url, init)).status).toBe(200);
  });

  it('has none after a refund, nor when the time is over', async () => {
    const payer = await market.newPayer();
    const body = { model: 'toll-small', prompt: 'Go on' };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const url = `${PUBLIC_URL}/acme/llm/v1/completions`;
    const onlySigns = wrapFetchWithSIWx(through(one), payer.signer);
    await visitorOf(payer, one)(url, init);
    expect((await onlySigns(url, init)).status).toBe(200);
    await isSettled(payer);
    const paid = await paymentOf(payer);
    if (paid === undefined) throw new Error('there is no payment');
    const refunding = { ...paid, state: 'refunding' as const, version: paid.version + 1 };
    expect((await market.stage.state.claims.move(paid.claimKey, paid, refunding)).kind).toBe('moved');
    expect((await onlySigns(url, init)).status).toBe(402);
    const message = { model: 'toll-small', max_tokens: 8, messages: [{ role: 'user', content: 'hi' }] };
    const short = { ...init, body: JSON.stringify(message) };
    const shortUrl = `${PUBLIC_URL}/acme/llm/v1/messages`;
    expect((await visitorOf(payer, one)(shortUrl, short)).status).toBe(200);
    expect((await onlySigns(shortUrl, short)).status).toBe(200);
    await expect.poll(async () => (await onlySigns(shortUrl, short)).status).toBe(402);
  });

  it('gets in by one signature once, even when ten calls at two gateways show it at the same time', async () => {
    const payer = await market.newPayer();
    await visitorOf(payer, one)(WEATHER);
    const headers = await proofFor(await through(one)(WEATHER), payer);
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) => through(index % 2 ? one : two)(WEATHER, { headers })),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    const replayed = replies.filter(({ status }) => status === 402);
    expect(replayed).toHaveLength(9);
    for (const reply of replayed) {
      expect(declaredIn(reply)).toBeDefined();
      expect(await problemOf(reply)).toMatchObject({ slug: 'sign-in-invalid', reason: 'invalid_siwx_nonce' });
    }
  });

  it('is told what is wrong with a sign-in, with fresh offers, and is not let in', async () => {
    const payer = await market.newPayer();
    const other = await market.newPayer();
    await visitorOf(payer, one)(WEATHER);
    const asked = await through(one)(WEATHER);
    const late = new Date(Date.now() - 301_000).toISOString();
    const wrong: [string, Record<string, string>][] = [
      ['invalid_siwx_malformed', { 'sign-in-with-x': 'garbage' }],
      ['invalid_siwx_domain_mismatch', await proofFor(asked, payer, { domain: 'evil.test' })],
      ['invalid_siwx_uri_mismatch', await proofFor(asked, payer, { uri: `${PUBLIC_URL}/acme/llm/quotes/ACME` })],
      ['invalid_siwx_unsupported_chain', await proofFor(asked, payer, { chainId: 'eip155:1' })],
      ['invalid_siwx_issued_at_too_old', await proofFor(asked, payer, { issuedAt: late })],
      ['invalid_siwx_nonce', await proofFor(asked, payer, { nonce: 'abcdefgh12345678' })],
      ['invalid_siwx_signature', await proofFor(asked, { signer: other.signer }, { address: payer.signer.address })],
    ];
    for (const [reason, headers] of wrong) {
      const refused = await through(one)(WEATHER, { headers });
      expect([refused.status, declaredIn(refused) !== undefined], reason).toEqual([402, true]);
      expect(await problemOf(refused), reason).toMatchObject({ slug: 'sign-in-invalid', reason });
    }
    expect((await through(one)(WEATHER, { headers: await proofFor(asked, payer) })).status).toBe(200);
  });

  it('may be a contract, whose code says who signed', async () => {
    const payer = await market.newContractPayer();
    const call = visitorOf(payer, one);
    expect((await call(WEATHER)).headers.has('payment-response')).toBe(true);
    expect(accessOf(await call(WEATHER))).not.toBeNull();
    const stranger = await market.newPayer();
    const asked = await through(one)(WEATHER);
    const forged = await proofFor(asked, stranger, { address: payer.signer.address });
    expect(await problemOf(await through(one)(WEATHER, { headers: forged }))).toMatchObject({
      ...{ slug: 'sign-in-invalid', reason: 'invalid_siwx_signature' },
    });
  });

  it('is bound by policies as every stranger', async () => {
    const payer = await market.newPayer();
    await visitorOf(payer, one)(WEATHER);
    const { routes } = market.stage.sample;
    const policies = [{ type: 'rate-limit', options: { limit: 2, windowSeconds: 3_600, by: 'ip' }, shadow: false }];
    await market.stage.publish({ ...market.sold(routes, sell), policies });
    const onlySigns = wrapFetchWithSIWx(through(one), payer.signer);
    await expect.poll(async () => (await onlySigns(WEATHER)).status).toBe(429);
  });
});
