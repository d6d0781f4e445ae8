import type { Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createEgress, type Egress } from '@tollwright/egress';
import { parseSettleResponse } from '@tollwright/protocols';
import {
  type Chain,
  type ChainAccount,
  type Facilitator,
  loadX402V1,
  noFaults,
  startChain,
  startFacilitator,
} from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment as payV2, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Payment, Rail } from '../rail.ts';
import { FacilitatorPool } from './facilitator-pool.ts';
import { createX402Rail } from './rail.ts';
import { resolveFromChain } from './resolve-from-chain.ts';
import { onChain, order, type Seller, startSeller } from './seller-harness.ts';

const price = 10_000n;
let chain: Chain;
let facilitator: Facilitator;
let egress: Egress;
let pool: FacilitatorPool;
let rail: Rail;
let seller: Seller;
let paidUrl: string;
let last: Seller['last'];

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  facilitator = await startFacilitator({ port: 0, rpcUrl: chain.rpcUrl, privateKey: account(0).privateKey });
  egress = createEgress({ allow: [`127.0.0.1:${chain.port}`, `127.0.0.1:${facilitator.port}`] });
  const facilitators = [{ url: facilitator.url }];
  pool = new FacilitatorPool({ facilitators, fetch: egress.fetch, settleTimeoutMs: 60_000 });
  await pool.ready;
  rail = createX402Rail(pool);
  const wallet: Wallet = {
    ...{ kind: 'x402', network: `eip155:${chain.chainId}`, asset: chain.usdc, tokenName: 'USDC', tokenVersion: '2' },
    ...{ decimals: 6, payTo: account(1).address },
  };
  seller = await startSeller({ rail, offers: rail.quote([wallet], nanoUsd(10_000_000n)).offers, used: null });
  ({ paidUrl, last } = seller);
});

afterAll(async () => {
  pool.close();
  await seller.close();
  await facilitator.close();
  await egress.close();
  await chain.close();
});

beforeEach(() => {
  seller.seen.length = 0;
  Object.assign(facilitator.faults, noFaults());
  Object.assign(facilitator.counts, { verify: 0, settle: 0 });
});

function account(index: number): ChainAccount {
  const found = chain.accounts[index];
  if (found === undefined) throw new Error(`no account ${index}`);
  return found;
}

async function newPayer(amountAtomic: bigint) {
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  if (amountAtomic > 0n) await chain.mint(address, amountAtomic);
  return { key, address };
}

type Client = (key: `0x${string}`) => (url: string) => Promise<Response>;

const fetchV2: Client = (key) => {
  const client = new x402Client().register('eip155:84532', new ExactEvmScheme(privateKeyToAccount(key)));
  return payV2(fetch, client);
};
const fetchV1: Client = (key) => async (url) => {
  const { createSigner, wrapFetchWithPayment } = await loadX402V1();
  return wrapFetchWithPayment(fetch, await createSigner('base-sepolia', key))(url);
};

/** The payment header of a client that asked once, kept instead of sent. */
async function signOnce(key: `0x${string}`): Promise<string> {
  let header = '';
  const spy: typeof fetch = async (input, init) => {
    const found = new Request(input, init).headers.get('payment-signature');
    if (found === null) return fetch(input, init);
    header = found;
    return new Response('{}');
  };
  await payV2(spy, new x402Client().register('eip155:84532', new ExactEvmScheme(privateKeyToAccount(key))))(paidUrl);
  expect(header).not.toBe('');
  return header;
}

const send = (header: string) => fetch(paidUrl, { headers: { 'payment-signature': header } });

const resolve = (payment: Payment) =>
  resolveFromChain({ rpcUrl: chain.rpcUrl, fetch: egress.fetch, logBlocksMax: 3 }, onChain(payment));

describe.each([
  ['@x402/fetch (version 2)', fetchV2, 'payment-response', 'eip155:84532'],
  ['x402-fetch (version 1)', fetchV1, 'x-payment-response', 'base-sepolia'],
] as const)('%s, unmodified', (_name, client, receiptHeader, network) => {
  it('pays, gets the answer and a receipt; balances move by the price', async () => {
    const payer = await newPayer(50_000n);
    const sellerBefore = await chain.balanceOf(account(1).address);
    const response = await client(payer.key)(paidUrl);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ sky: 'clear' });
    const receipt = parseSettleResponse(response.headers.get(receiptHeader) ?? '');
    expect(receipt).toMatchObject({ kind: 'ok', value: { success: true, network, payer: payer.address } });
    expect(await chain.balanceOf(payer.address)).toBe(50_000n - price);
    expect(await chain.balanceOf(account(1).address)).toBe(sellerBefore + price);
    expect(last().settlement).toEqual(await resolve(last().payment));
  });

  it('without funds is told 402, and nothing is settled', async () => {
    const payer = await newPayer(price - 1n);
    const response = await client(payer.key)(paidUrl);
    expect(response.status).toBe(402);
    expect(last().verification.kind).toBe('invalid');
    expect(facilitator.counts).toEqual({ verify: 1, settle: 0 });
    expect(await chain.balanceOf(payer.address)).toBe(price - 1n);
  });
});

describe('x402 rail', () => {
  it('never asks the facilitator about a payment that the local check refuses', async () => {
    const payer = await newPayer(price);
    const header = await signOnce(payer.key);
    const document = JSON.parse(Buffer.from(header, 'base64').toString()) as { payload: { signature: string } };
    const { signature } = document.payload;
    document.payload.signature = `${signature.slice(0, 20)}${signature[20] === '0' ? '1' : '0'}${signature.slice(21)}`;
    expect((await send(Buffer.from(JSON.stringify(document)).toString('base64'))).status).toBe(402);
    expect((await send('garbage')).status).toBe(402);
    expect(facilitator.counts).toEqual({ verify: 0, settle: 0 });
  });

  it('finds a nonce that was used on chain before we saw it', async () => {
    const payer = await newPayer(50_000n);
    const header = await signOnce(payer.key);
    expect((await send(header)).status).toBe(200);
    expect((await send(header)).status).toBe(402);
    expect(last().verification.kind).toBe('invalid');
    expect(facilitator.counts.settle).toBe(1);
    expect(await chain.balanceOf(payer.address)).toBe(50_000n - price);
  });

  it('a lost settle reply is unknown, and the chain says that it was settled', async () => {
    facilitator.faults.loseSettleReplies = 1;
    const payer = await newPayer(price);
    const response = await fetchV2(payer.key)(paidUrl);
    expect(response.status).toBe(503);
    expect(response.headers.get('payment-response')).toBeNull();
    expect(last().settlement).toMatchObject({ kind: 'unknown' });
    for (let blocks = 0; blocks < 10; blocks++) await chain.mine();
    expect(await resolve(last().payment)).toEqual({
      kind: 'settled',
      transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
    expect(await chain.balanceOf(payer.address)).toBe(0n);
  });

  it('a pending settlement is unknown and keeps its transaction', async () => {
    facilitator.faults.pendingSettles = 1;
    const payer = await newPayer(price);
    expect((await fetchV1(payer.key)(paidUrl)).status).toBe(503);
    const { settlement, payment } = last();
    expect(settlement).toMatchObject({ kind: 'unknown', reason: 'settlement_pending' });
    expect(await resolve(payment)).toEqual({
      kind: 'settled',
      transaction: settlement?.kind === 'unknown' ? settlement.transaction : null,
    });
  });

  it('an authorization settled by somebody else after our verification is found as settled', async () => {
    const payer = await newPayer(price);
    const header = await signOnce(payer.key);
    facilitator.faults.failSettles = 1;
    expect((await send(header)).status).toBe(503);
    expect(await resolve(last().payment)).toMatchObject({ kind: 'open' });
    expect((await last().payment.settle(order)).kind).toBe('settled');
    const again = await last().payment.settle(order);
    expect(again.kind).toBe('unknown');
    expect((await resolve(last().payment)).kind).toBe('settled');
  });

  it('twenty payments at once all settle: the facilitator never uses one nonce twice', async () => {
    const headers: string[] = [];
    for (let index = 0; index < 20; index++) headers.push(await signOnce((await newPayer(price)).key));
    const before = await chain.balanceOf(account(1).address);
    const statuses = (await Promise.all(headers.map(send))).map((response) => response.status);
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await chain.balanceOf(account(1).address)).toBe(before + 20n * price);
  });

  it('no facilitator: verification is unavailable, settlement unknown', async () => {
    const header = await signOnce((await newPayer(price)).key);
    const nobody = new FacilitatorPool({ facilitators: [{ url: 'http://127.0.0.1:9' }], fetch: egress.fetch });
    const away = createX402Rail(nobody);
    const checked = seller.check({ 'payment-signature': header }, away);
    if (checked.kind === 'refused') throw new Error(checked.reason);
    expect((await checked.payment.verify()).kind).toBe('unavailable');
    expect((await checked.payment.settle(order)).kind).toBe('unknown');
    nobody.close();
  });

  it('a nonce that went into another transfer did not pay us', async () => {
    const payer = await newPayer(price);
    await fetchV2(payer.key)(paidUrl);
    const paid = onChain(last().payment);
    const options = { rpcUrl: chain.rpcUrl, fetch: egress.fetch };
    const failed = { kind: 'failed', reason: 'nonce_used_by_another_transfer' };
    expect(await resolveFromChain(options, { ...paid, payTo: account(2).address })).toEqual(failed);
    expect(await resolveFromChain(options, { ...paid, amountAtomic: '10001' })).toEqual(failed);
  });

  it('a node of another chain, or none, resolves nothing', async () => {
    const payer = await newPayer(price);
    await fetchV2(payer.key)(paidUrl);
    const paid = onChain(last().payment);
    const resolutions = await Promise.all([
      resolveFromChain({ rpcUrl: chain.rpcUrl, fetch: egress.fetch }, { ...paid, network: 'eip155:8453' }),
      resolveFromChain({ rpcUrl: 'http://127.0.0.1:9', fetch: egress.fetch }, paid),
      resolveFromChain({ rpcUrl: paidUrl, fetch: egress.fetch }, paid),
    ]);
    expect(resolutions.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable', 'unavailable']);
  });

  it('a payment that was never sent fails once the chain is past its end, not before; last, for it moves the clock', async () => {
    facilitator.faults.dropSettleRequests = 1;
    const payer = await newPayer(price);
    expect((await fetchV2(payer.key)(paidUrl)).status).toBe(503);
    expect(await resolve(last().payment)).toMatchObject({ kind: 'open' });
    await chain.mine(400);
    await chain.mine();
    expect(await resolve(last().payment)).toEqual({ kind: 'failed', reason: 'authorization_expired_unused' });
    expect(await chain.balanceOf(payer.address)).toBe(price);
  });
});
