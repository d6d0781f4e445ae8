import { createEgress, EgressFailed } from '@tollwright/egress';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wholeCharge } from '../charge.ts';
import type { LimitedFetch } from '../limited-fetch.ts';
import { FacilitatorPool } from './facilitator-pool.ts';
import type { X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';
import { account, checked, facilitator, now, permitFor, quoted, signedPermit, wallet } from './signing-harness.ts';

const taking = { ...wallet, transferMethods: ['eip3009' as const, 'permit2' as const] };
const network = wallet.network;
const hash = `0x${'0c'.repeat(32)}`;
const exactKinds = { kinds: [{ x402Version: 2, scheme: 'exact', network }], signers: {} };
const uptoKinds = {
  kinds: [...exactKinds.kinds, { x402Version: 2, scheme: 'upto', network, extra: { facilitatorAddress: facilitator } }],
  signers: { 'eip155:*': [facilitator] },
};

type Asked = { readonly url: string; readonly body: { paymentRequirements: { amount: string }; x402Version: number } };
type Answers = Partial<Record<'supported' | 'verify' | 'settle', unknown>>;
/** What each facilitator answers, by host; an Error is thrown, and what is left out is a connection refused. */
let answers: Record<string, Answers>;
let asked: Asked[];
let pools: FacilitatorPool[];

beforeEach(() => {
  [answers, asked, pools] = [{}, [], []];
});
afterEach(() => {
  for (const pool of pools) pool.close();
  vi.useRealTimers();
});

const refusedConnection = (code = 'ECONNREFUSED') =>
  new EgressFailed('unreachable', 'a', Object.assign(new Error('connect'), { code }));
const fetchScripted: LimitedFetch = async (address, { body }) => {
  const url = new URL(address);
  const verb = url.pathname.slice(1) as keyof Answers;
  if (verb !== 'supported') asked.push({ url: `${url.hostname} ${verb}`, body: JSON.parse(body ?? '') });
  const answer = answers[url.hostname]?.[verb];
  if (answer === undefined || answer instanceof Error) throw answer ?? refusedConnection();
  return Response.json(answer);
};

async function poolOf(...hosts: string[]): Promise<FacilitatorPool> {
  const facilitators = hosts.map((host) => ({ url: `https://${host}` }));
  const pool = new FacilitatorPool({ facilitators, fetch: fetchScripted });
  pools.push(pool);
  await pool.ready;
  return pool;
}

async function paymentFor(offer: QuotedOffer | undefined): Promise<X402Payment> {
  if (offer === undefined) throw new Error('nothing is offered');
  const result = checked(await signedPermit(offer, permitFor(offer)), [offer]);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.payment;
}

const exactPayment = () => paymentFor(quoted(taking, 10_000_000n)[1]);
const uptoPayment = () => paymentFor(quoted(taking, 50_000_000n, 'variable')[0]);
const valid = { isValid: true };
const settled = { success: true, transaction: hash, network };
const failedInside = { isValid: false, invalidReason: 'unexpected_verify_error' };

describe('what the pool settles', () => {
  it('is exact everywhere until it was heard, then what was said', async () => {
    const silent = await poolOf('a');
    expect([silent.serves({ scheme: 'exact', network }), silent.serves({ scheme: 'upto', network })]).toEqual([
      true,
      false,
    ]);
    answers.a = { supported: uptoKinds };
    const heard = await poolOf('a');
    expect(heard.serves({ scheme: 'upto', network })).toBe(true);
    expect(heard.serves({ scheme: 'exact', network: 'eip155:8453' })).toBe(false);
    expect([heard.addressFor(network), heard.addressFor('eip155:8453')]).toEqual([facilitator, null]);
    expect([heard.owns(facilitator.toLowerCase()), heard.owns(account.address)]).toEqual([true, false]);
  });

  it('has an extension only where all who settle it know it', async () => {
    const kind = { scheme: 'exact', network } as const;
    answers = { a: { supported: { ...exactKinds, extensions: ['x'] } }, b: { supported: uptoKinds } };
    const [alone, both] = [await poolOf('a'), await poolOf('a', 'b')];
    expect([alone.knows('x', kind), alone.knows('y', kind), both.knows('x', kind)]).toEqual([true, false, false]);
    expect(both.knows('x', { ...kind, network: 'eip155:8453' })).toBe(false);
  });

  it('is asked again every minute; what was heard stands while the facilitator is silent', async () => {
    vi.useFakeTimers({ now: Number(now) * 1_000 });
    answers.a = { supported: exactKinds };
    const pool = await poolOf('a');
    answers.a = { supported: uptoKinds };
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.addressFor(network)).toBe(facilitator);
    answers.a = {};
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.addressFor(network)).toBe(facilitator);
    answers.a = { supported: exactKinds };
    await vi.advanceTimersByTimeAsync(60_000);
    expect([pool.addressFor(network), pool.owns(facilitator)]).toEqual([null, true]);
    await vi.advanceTimersByTimeAsync(16 * 60_000);
    expect(pool.owns(facilitator)).toBe(false);
  });

  it('is only asked of whom it concerns', async () => {
    answers = { a: { supported: exactKinds, verify: valid }, b: { supported: uptoKinds, verify: valid } };
    const pool = await poolOf('a', 'b');
    await pool.verify(await uptoPayment());
    await pool.verify(await exactPayment());
    expect(asked.map(({ url }) => url)).toEqual(['b verify', 'a verify']);
  });

  it('takes a payment of version 1 in version 2 where a facilitator knows no other', async () => {
    answers.a = { supported: exactKinds, verify: valid };
    const pool = await poolOf('a');
    const [offer] = quoted(wallet, 10_000_000n);
    const authorization = {
      ...{ from: account.address, to: wallet.payTo, value: 10_000n, validAfter: 0n, validBefore: now + 300n },
      nonce: `0x${'ab'.repeat(32)}`,
    };
    const payload = { signature: `0x${'00'.repeat(65)}`, authorization };
    const first = { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload } as const;
    const payment = { ...(await exactPayment()), offer, payload: first, protocolVersion: 1 } as X402Payment;
    await pool.verify(payment);
    expect(asked[0]?.body).toMatchObject({
      ...{ x402Version: 2, paymentPayload: { x402Version: 2, accepted: { network, amount: '10000' } } },
      paymentRequirements: { network, amount: '10000' },
    });
  });
});

describe('a verification', () => {
  it.each([
    ['does not answer', new Error('reset')],
    ['cannot be reached', refusedConnection()],
    ['answers no verdict', { error: 'overloaded' }],
    ['failed inside', failedInside],
  ])('goes on to the next where a facilitator %s', async (_what, verify) => {
    answers = { a: { supported: exactKinds, verify }, b: { supported: exactKinds, verify: valid } };
    const pool = await poolOf('a', 'b');
    expect(await pool.verify(await exactPayment())).toMatchObject({ kind: 'answered', response: valid });
    expect(asked.map(({ url }) => url)).toEqual(['a verify', 'b verify']);
  });

  it('ends with the first verdict, whatever it is', async () => {
    const invalid = { isValid: false, invalidReason: 'permit2_allowance_required' };
    answers = { a: { supported: exactKinds, verify: invalid }, b: { supported: exactKinds, verify: valid } };
    const pool = await poolOf('a', 'b');
    expect(await pool.verify(await exactPayment())).toMatchObject({ kind: 'answered', response: invalid });
    expect(asked).toHaveLength(1);
  });

  it('leaves out whom three answers in a row did not come from, until a probe of it succeeds', async () => {
    vi.useFakeTimers({ now: Number(now) * 1_000 });
    answers = { a: { supported: exactKinds, verify: new Error('reset') }, b: { supported: exactKinds, verify: valid } };
    const pool = await poolOf('a', 'b');
    for (let time = 0; time < 4; time++) await pool.verify(await exactPayment());
    const urls = asked.map(({ url }) => url);
    expect(urls).toEqual([...Array(3).fill(['a verify', 'b verify']).flat(), 'b verify']);
    answers.a = { verify: valid };
    vi.setSystemTime(Date.now() + 1_000);
    await pool.verify(await exactPayment());
    expect(asked.slice(urls.length).map(({ url }) => url)).toEqual(['a verify']);
  });

  it('is refused for a moment where everybody fails, then one probes', async () => {
    vi.useFakeTimers({ now: Number(now) * 1_000 });
    answers.a = { supported: exactKinds, verify: new Error('reset') };
    const pool = await poolOf('a');
    for (let time = 0; time < 4; time++) expect((await pool.verify(await exactPayment())).kind).toBe('no-answer');
    expect(asked).toHaveLength(3);
    answers.a = { verify: valid };
    vi.setSystemTime(Date.now() + 1_000);
    expect((await pool.verify(await exactPayment())).kind).toBe('answered');
  });
});

describe('a settlement', () => {
  const both = () => {
    answers = {
      a: { supported: exactKinds, verify: new Error('reset'), settle: settled },
      b: { supported: exactKinds, verify: valid, settle: settled },
    };
    return poolOf('a', 'b');
  };
  const settlesOf = () => asked.map(({ url }) => url).filter((url) => url.endsWith('settle'));

  it('goes to the one that verified', async () => {
    const pool = await both();
    const payment = await exactPayment();
    await pool.verify(payment);
    expect(await pool.settle(payment, wholeCharge(payment.offer))).toMatchObject({
      kind: 'answered',
      response: settled,
    });
    expect(settlesOf()).toEqual(['b settle']);
  });

  it.each([
    ['the connection broke', new Error('socket hang up')],
    ['it timed out', new EgressFailed('timeout', 'b', null)],
    ['the reply was lost', refusedConnection('ECONNRESET')],
    ['it answered an error', { error: 'overloaded' }],
  ])('goes to no other when %s', async (_what, settle) => {
    const pool = await both();
    answers.b = { ...answers.b, settle };
    const payment = await exactPayment();
    await pool.verify(payment);
    expect(await pool.settle(payment, wholeCharge(payment.offer))).toMatchObject({ kind: 'no-answer', unsent: false });
    expect(settlesOf()).toEqual(['b settle']);
  });

  it('goes to another where the connection was refused, so that nothing was sent', async () => {
    const pool = await both();
    const payment = await exactPayment();
    await pool.verify(payment);
    answers.b = { settle: refusedConnection() };
    expect((await pool.settle(payment, wholeCharge(payment.offer))).kind).toBe('answered');
    expect(settlesOf()).toEqual(['b settle', 'a settle']);
  });

  it('of a ceiling asks for what was used, of the one that the payer named', async () => {
    answers = {
      a: { supported: exactKinds, verify: valid, settle: settled },
      b: { supported: uptoKinds, verify: valid },
    };
    const pool = await poolOf('a', 'b');
    const payment = await uptoPayment();
    await pool.verify(payment);
    expect(await pool.settle(payment, { ...wholeCharge(payment.offer), amountAtomic: 1_234n })).toMatchObject({
      ...{ kind: 'no-answer', unsent: true },
    });
    expect(asked.map(({ url, body }) => [url, body.paymentRequirements.amount])).toEqual([
      ['b verify', '50000'],
      ['b settle', '1234'],
    ]);
  });
});

describe('a request that certainly was not sent', () => {
  it('is one that a closed port refused, or that egress did not let out', async () => {
    const { fetch, close } = createEgress({ allow: ['127.0.0.1:9'] });
    for (const url of ['http://127.0.0.1:9', 'http://127.0.0.1:10', 'ftp://a.example']) {
      const pool = new FacilitatorPool({ facilitators: [{ url }], fetch });
      pools.push(pool);
      const payment = await exactPayment();
      const answer = await pool.settle(payment, wholeCharge(payment.offer));
      expect(answer).toMatchObject({ kind: 'no-answer', unsent: true });
    }
    await close();
  });
});
