import type { PaymentRecord } from '@tollwright/contracts';
import { parseReceipt } from '@tollwright/protocols';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, problemOf } from './gateway-harness.ts';
import { CENT, openSessionStage, type Payer, type SessionStage } from './session-harness.ts';

let seller: SessionStage;
let gateway: GatewayProcess;

beforeAll(async () => {
  seller = await openSessionStage();
  gateway = await seller.start('one');
});
afterAll(() => seller?.close());

const weatherUrl = (city = 'Porto') => `${gateway.url}/acme/llm/weather?city=${city}`;
const forwarded = () => seller.stage.upstream.log.stats(null).calls;
const receiptOf = (response: Response) => parseReceipt(response.headers.get('payment-receipt') ?? '');
const paidWith = (authorization: string, headers: Record<string, string> = {}) =>
  fetch(weatherUrl(), { headers: { authorization, ...headers } });

/** A session that remembers the credentials it has sent. */
function recorded(payer: Payer, maxDeposit?: string) {
  const sent: string[] = [];
  const session = payer.session(maxDeposit, async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    if (authorization !== null) sent.push(authorization);
    return fetch(input, init);
  });
  return { session, sent };
}

/** The next voucher of a session, and all else that it sends afterwards, is kept and not sent. */
async function withheld(payer: Payer, opening = 1) {
  const sent: string[] = [];
  let isHeld = false;
  const session = payer.session('1', async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    if (authorization === null) return fetch(input, init);
    if (isHeld) {
      sent.push(authorization);
      return new Response(null, { status: 500 });
    }
    return fetch(input, init);
  });
  for (let call = 0; call < opening; call += 1) expect((await session.fetch(weatherUrl())).status).toBe(200);
  isHeld = true;
  await session.fetch(weatherUrl());
  const [voucher] = sent;
  if (voucher === undefined) throw new Error('the session sent no voucher');
  return { voucher, session, release: () => (isHeld = false) };
}

/** The channel that a voucher is of. */
function channelKeyIn(voucher: string): string {
  const { channelId } = seller.mppx.Credential.deserialize(voucher).payload as { channelId: string };
  return `channel:eip155:${seller.tempo.chainId}:${channelId.toLowerCase()}`;
}

/** The channel of the newest payment, as the store has it. */
async function channelOf(payer: Payer) {
  const isOwn = ({ payer: by }: { payer: string }) => by === payer.address.toLowerCase();
  await expect.poll(async () => (await seller.stage.payments()).some(isOwn)).toBe(true);
  const record = (await seller.stage.payments()).filter(isOwn).at(-1);
  return seller.stage.state.channels.get(record?.claimKey.split('#')[0] ?? '');
}

describe('mppx, unmodified, with a session', () => {
  it('opens a channel, pays every call by a voucher, and closes it: the chain has what was served, to the unit', async () => {
    const { tempo, payTo, stage } = seller;
    const payer = await seller.payer();
    const session = payer.session();
    const before = forwarded();
    for (let call = 1n; call <= 4n; call += 1n) {
      const response = await session.fetch(weatherUrl());
      expect([response.status, await response.json()]).toMatchObject([200, { city: 'Porto' }]);
      expect(receiptOf(response)).toMatchObject({
        kind: 'ok',
        value: { intent: 'session', acceptedCumulative: call * CENT.atomic, spent: call * CENT.atomic },
      });
    }
    expect(forwarded()).toBe(before + 4);
    const [sellerBefore, payerBefore] = [await tempo.balanceOf(payTo), await tempo.balanceOf(payer.address)];
    const receipt = await session.close();
    const txHash = expect.stringMatching(/^0x[0-9a-f]{64}$/);
    expect(receipt).toMatchObject({ acceptedCumulative: '40000', spent: '40000', txHash });
    expect((await tempo.balanceOf(payTo)) - sellerBefore).toBe(4n * CENT.atomic);
    expect((await tempo.balanceOf(payer.address)) - payerBefore).toBe(1_000_000n - 4n * CENT.atomic);
    expect(await tempo.balanceOf(tempo.escrow)).toBe(0n);
    const isOwn = (record: PaymentRecord) => record.payer === payer.address.toLowerCase() && record.state === 'settled';
    await expect.poll(async () => (await stage.payments()).filter(isOwn)).toHaveLength(4);
    const settled = (await stage.payments()).filter(isOwn);
    expect(settled.reduce((sum, { priceNanoUsd }) => sum + priceNanoUsd, 0n)).toBe(4n * CENT.nanoUsd);
    expect(settled[0]).toMatchObject({ rail: 'tempo', scheme: 'session', amountAtomic: '10000' });
  });

  it('is told of a closed channel by 410, and opens another one', async () => {
    const payer = await seller.payer();
    const { session, sent } = recorded(payer);
    await session.fetch(weatherUrl());
    await session.fetch(weatherUrl());
    const voucher = sent.at(-1) ?? '';
    await session.close();
    const late = await paidWith(voucher);
    // Its answer is kept for who shows the challenge.
    expect([late.status, late.headers.has('tollwright-replayed')]).toEqual([200, true]);
    const other = await withheld(payer);
    await other.session.close().catch(() => undefined);
    await seller.stage.state.channels.close(channelKeyIn(other.voucher), null);
    const gone = await paidWith(other.voucher);
    expect([gone.status, await problemOf(gone)]).toMatchObject([
      410,
      { slug: 'channel-gone', reason: 'channel-finalized' },
    ]);
    // The chain pays its seller meanwhile, whose balance the next tests look at.
    const closed = () => seller.stage.state.channels.get(channelKeyIn(other.voucher));
    await expect.poll(closed).toMatchObject({ state: 'closed' });
    const again = await seller.payer();
    expect((await again.session().fetch(weatherUrl())).status).toBe(200);
  });

  it('adds to its deposit when it is used up, and goes on', async () => {
    const payer = await seller.payer();
    const session = payer.session('0.05');
    // 100 calls are suggested, which is more than this payer lets one channel have.
    for (let call = 0; call < 5; call += 1) expect((await session.fetch(weatherUrl())).status).toBe(200);
    await expect(session.fetch(weatherUrl())).rejects.toThrow(/maxDeposit/);
    const { session: larger, sent } = recorded(payer, '0.3');
    expect((await larger.fetch(weatherUrl())).status).toBe(200);
    await larger.topUp('0.1');
    const channel = await seller.stage.state.channels.get(channelKeyIn(sent.at(-1) ?? ''));
    expect(channel?.depositAtomic).toBe(400_000n);
    const { acceptedCumulative } = (await larger.close()) ?? {};
    expect(acceptedCumulative).toBe('10000');
  });
});

describe('a session on a route that is sold by use', () => {
  it('takes what each call used of what its voucher authorized; the rest pays for nothing, and goes back', async () => {
    const { tempo, payTo } = seller;
    const payer = await seller.payer();
    const session = payer.session();
    const ask = (promptTokens: number, completionTokens: number) =>
      session.fetch(`${gateway.url}/acme/llm/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 },
          upstream: { reportedPromptTokens: promptTokens, reportedCompletionTokens: completionTokens },
        }),
      });
    const first = await ask(100, 50);
    expect([first.status, first.headers.get('tollwright-cost-usd')]).toEqual([200, '0.0002']);
    expect(receiptOf(first)).toMatchObject({
      ...{ kind: 'ok', value: { acceptedCumulative: CENT.atomic, spent: 200n } },
    });
    const second = await ask(60, 0);
    expect(receiptOf(second)).toMatchObject({
      ...{ kind: 'ok', value: { acceptedCumulative: 2n * CENT.atomic, spent: 260n } },
    });
    const free = await ask(0, 0);
    expect([free.status, free.headers.get('payment-receipt')]).toEqual([200, null]);
    await expect.poll(() => channelOf(payer)).toMatchObject({ spentAtomic: 260n, heldAtomic: 0n });
    const [before, payerBefore] = [await tempo.balanceOf(payTo), await tempo.balanceOf(payer.address)];
    expect(await session.close()).toMatchObject({ spent: '260' });
    expect((await tempo.balanceOf(payTo)) - before).toBe(260n);
    expect((await tempo.balanceOf(payer.address)) - payerBefore).toBe(1_000_000n - 260n);
  });
});

describe('a session that streams', () => {
  it('pays all of an answer by one voucher, without a request a token, for what was used of it', async () => {
    const { tempo, payTo } = seller;
    const payer = await seller.payer();
    const { session, sent } = recorded(payer);
    const streamed = async (completionTokens: number) => {
      const receipts: { spent: string; acceptedCumulative: string }[] = [];
      const messages = await session.sse(`${gateway.url}/acme/llm/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], stream: true, max_tokens: 200 },
          upstream: { completionTokens, chunks: 20, chunkIntervalMs: 5 },
        }),
        onReceipt: (receipt) => receipts.push(receipt),
      });
      let last = '';
      let count = 0;
      for await (const message of messages) {
        last = message;
        count += 1;
      }
      expect([last, count > 10]).toEqual(['[DONE]', true]);
      expect(receipts).toHaveLength(1);
      return BigInt(receipts[0]?.spent ?? 0);
    };
    const first = await streamed(40);
    const second = await streamed(100);
    expect(first).toBeGreaterThan(79n);
    expect(second - first).toBeGreaterThan(199n);
    expect(second).toBeLessThan(2n * CENT.atomic);
    expect(sent).toHaveLength(2);
    await expect.poll(() => channelOf(payer)).toMatchObject({ spentAtomic: second, heldAtomic: 0n });
    const before = await tempo.balanceOf(payTo);
    expect(await session.close()).toMatchObject({ spent: `${second}` });
    expect((await tempo.balanceOf(payTo)) - before).toBe(second);
  });

  it('is not charged for a stream that the upstream breaks off', async () => {
    const payer = await seller.payer();
    const session = payer.session();
    expect((await session.fetch(weatherUrl())).status).toBe(200);
    const response = await session.fetch(`${gateway.url}/acme/llm/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ model: 'toll-small', messages: [{ role: 'user', content: 'hi' }], stream: true, max_tokens: 200 },
        upstream: { completionTokens: 100, chunks: 20, chunkIntervalMs: 5, cutAfterChunks: 3 },
      }),
    });
    expect(await response.text().catch(() => 'cut')).not.toContain('payment-receipt');
    await expect.poll(() => channelOf(payer)).toMatchObject({ spentAtomic: CENT.atomic, heldAtomic: 0n });
  });
});

describe('a voucher', () => {
  it('ten at once run the upstream once; shown again it gets the same answer, for nothing', async () => {
    const payer = await seller.payer();
    const { voucher } = await withheld(payer);
    const before = forwarded();
    const responses = await Promise.all(Array.from({ length: 10 }, () => paidWith(voucher)));
    const isReplayed = (response: Response) => response.headers.has('tollwright-replayed');
    const fresh = responses.filter((response) => response.status === 200 && !isReplayed(response));
    expect(fresh).toHaveLength(1);
    const others = responses.filter((response) => response !== fresh[0] && !isReplayed(response));
    expect(others.every(({ status }) => status === 409)).toBe(true);
    const again = await paidWith(voucher);
    expect([again.status, isReplayed(again), await again.text()]).toEqual([200, true, await fresh[0]?.text()]);
    expect(forwarded()).toBe(before + 1);
    await expect.poll(() => channelOf(payer)).toMatchObject({ spentAtomic: 2n * CENT.atomic, heldAtomic: 0n });
  });

  it('whose amount has paid is refused under another challenge, which says from where to go on', async () => {
    const payer = await seller.payer();
    const { session, sent } = recorded(payer);
    await session.fetch(weatherUrl('Faro'));
    await session.fetch(weatherUrl('Faro'));
    const { Credential, Challenge } = seller.mppx;
    const old = Credential.deserialize(sent.at(-1) ?? '');
    const before = forwarded();
    const unpaid = await fetch(weatherUrl('Faro'));
    const challenge = Challenge.deserializeList(unpaid.headers.get('www-authenticate') ?? '').find(
      ({ intent }) => intent === 'session',
    );
    const authorization = Credential.serialize({ ...old, challenge: challenge ?? old.challenge });
    const response = await fetch(weatherUrl('Faro'), { headers: { authorization } });
    expect([response.status, (await problemOf(response.clone())).reason]).toEqual([
      402,
      'session/insufficient-balance',
    ]);
    const [told] = Challenge.deserializeList(response.headers.get('www-authenticate') ?? '').filter(
      ({ intent }) => intent === 'session',
    );
    expect(told?.request.methodDetails).toMatchObject({
      sessionSnapshot: { acceptedCumulative: '20000', requiredCumulative: '30000', spent: '20000', deposit: '1000000' },
    });
    expect(forwarded()).toBe(before);
  });

  it('that was altered pays for nothing', async () => {
    const { voucher } = await withheld(await seller.payer());
    const { Credential } = seller.mppx;
    const shown = Credential.deserialize(voucher);
    const payload = shown.payload as Record<string, unknown>;
    const before = forwarded();
    const altered = [
      { cumulativeAmount: '900000' },
      { channelId: `0x${'7'.repeat(64)}` },
      { signature: `0x${'1'.repeat(130)}` },
      { descriptor: { ...(payload.descriptor as object), payee: `0x${'9'.repeat(40)}` } },
      { descriptor: undefined },
    ];
    for (const change of altered) {
      const response = await paidWith(Credential.serialize({ ...shown, payload: { ...payload, ...change } }));
      expect([response.status, response.headers.get('payment-receipt')]).toEqual([402, null]);
    }
    expect(forwarded()).toBe(before);
    expect((await paidWith(voucher)).status).toBe(200);
  });

  it('is not charged for an upstream that fails: no receipt, and it pays for the next call', async () => {
    const payer = await seller.payer();
    const session = payer.session();
    await session.fetch(weatherUrl());
    const failed = await session.fetch(weatherUrl(), { headers: { 'x-upstream-status': '503' } });
    expect([failed.status, failed.headers.get('payment-receipt')]).toEqual([503, null]);
    const next = await session.fetch(weatherUrl());
    expect(receiptOf(next)).toMatchObject({ kind: 'ok', value: { acceptedCumulative: 20_000n, spent: 20_000n } });
    const closed = await session.close();
    expect(closed).toMatchObject({ acceptedCumulative: '20000', spent: '20000' });
  });

  it('of a payer in parallel: every call has its own, and all together are what the chain gets', async () => {
    const { tempo, payTo } = seller;
    const sessions = await Promise.all(Array.from({ length: 4 }, async () => (await seller.payer()).session()));
    const before = await tempo.balanceOf(payTo);
    await Promise.all(
      sessions.map(async (session) => {
        for (let call = 0; call < 3; call += 1) expect((await session.fetch(weatherUrl())).status).toBe(200);
        expect(await session.close()).toMatchObject({ spent: '30000' });
      }),
    );
    expect((await tempo.balanceOf(payTo)) - before).toBe(12n * CENT.atomic);
  });
});

describe('a channel that is not on its chain', () => {
  it('pays for nothing: 410, and no upstream', async () => {
    const payer = await seller.payer();
    const { voucher } = await withheld(payer);
    const { Credential } = seller.mppx;
    const shown = Credential.deserialize(voucher);
    const before = forwarded();
    const nowhere = await payer.signVoucherOfNoChannel(shown);
    const response = await paidWith(nowhere);
    expect([response.status, await problemOf(response)]).toMatchObject([
      410,
      { slug: 'channel-gone', reason: 'channel-not-found' },
    ]);
    expect(forwarded()).toBe(before);
  });

  it('whose chain does not answer is in doubt: 503, and the same credential is good afterwards', async () => {
    const payer = await seller.payer();
    const cut = await seller.start('cut', { CHAIN_RPC_URLS: `eip155:${seller.tempo.chainId}=http://127.0.0.1:9` });
    let credential = '';
    const session = payer.session('1', async (input, init) => {
      const authorization = new Headers(init?.headers).get('authorization');
      if (authorization !== null && credential === '') {
        credential = authorization;
        return new Response(null, { status: 500 });
      }
      return fetch(input, init);
    });
    await session.fetch(weatherUrl());
    const url = weatherUrl().replace(gateway.url, cut.url);
    const doubted = await fetch(url, { headers: { authorization: credential } });
    expect([doubted.status, doubted.headers.get('www-authenticate')]).toEqual([503, null]);
    expect((await problemOf(doubted)).slug).toBe('payment-unknown');
    expect((await paidWith(credential)).status).toBe(200);
  });
});
