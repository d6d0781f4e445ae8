import type { X402Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { createEgress, type Egress } from '@tollwright/egress';
import { parseSettleResponse } from '@tollwright/protocols';
import {
  BASE,
  BASE_SEPOLIA,
  type Chain,
  type Facilitator,
  noFaults,
  startChain,
  startFacilitator,
  type WalletSigner,
  walletSigner,
} from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { wrapFetchWithPayment, x402Client } from '@x402/fetch';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Payment, Rail } from '../rail.ts';
import { FacilitatorPool } from './facilitator-pool.ts';
import { createX402Rail } from './rail.ts';
import { resolveFromChain } from './resolve-from-chain.ts';
import { onChain, order, type Seller, type Sold, startSeller } from './seller-harness.ts';

const price = 10_000n;
const ceiling = 50_000n;
const funds = 1_000_000n;
let chains: readonly [Chain, Chain];
let facilitators: readonly [Facilitator, Facilitator];
let egress: Egress;
let pool: FacilitatorPool;
let rail: Rail;
/** By a permit alone, for a fixed amount, and under a ceiling. */
let fixed: Seller;
let metered: Seller;
let meteredSold: Sold;

beforeAll(async () => {
  chains = await Promise.all([
    startChain({ port: 0, chainId: BASE_SEPOLIA.chainId }),
    startChain({ port: 0, chainId: BASE.chainId }),
  ]);
  const rpcUrl = chains.map((chain) => chain.rpcUrl);
  const keys = chains[0].accounts.map(({ privateKey }) => privateKey);
  const [first, second] = keys;
  if (first === undefined || second === undefined) throw new Error('there are too few accounts');
  facilitators = [
    await startFacilitator({ port: 0, rpcUrl, privateKey: first }),
    await startFacilitator({ port: 0, rpcUrl, privateKey: second }),
  ];
  egress = createEgress({ allow: [...chains, ...facilitators].map(({ port }) => `127.0.0.1:${port}`) });
  pool = new FacilitatorPool({ facilitators: facilitators.map(({ url }) => ({ url })), fetch: egress.fetch });
  await pool.ready;
  rail = createX402Rail(pool, { nodes: { rpcUrls: rpcUrls(), fetch: egress.fetch } });
  const wallets = chains.map(walletOn);
  const { offers } = rail.quote(wallets, nanoUsd(10_000_000n));
  fixed = await startSeller({ rail, offers, used: null });
  meteredSold = { rail, offers: rail.quote(wallets, nanoUsd(50_000_000n), 'variable').offers, used: null };
  metered = await startSeller(meteredSold);
});

afterAll(async () => {
  pool?.close();
  await Promise.all([fixed, metered].map((seller) => seller?.close()));
  await Promise.all((facilitators ?? []).map((facilitator) => facilitator.close()));
  await egress?.close();
  await Promise.all((chains ?? []).map((chain) => chain.close()));
});

beforeEach(() => {
  for (const facilitator of facilitators) {
    Object.assign(facilitator.faults, noFaults());
    Object.assign(facilitator.counts, { verify: 0, settle: 0 });
  }
});

const rpcUrls = () => new Map(chains.map(({ network, rpcUrl }) => [network.network as string, rpcUrl]));
const payTo = () => chains[0].accounts[5]?.address ?? '0x';

function walletOn({ network: { network, usdc } }: Chain): X402Wallet {
  const { address: asset, name: tokenName, version: tokenVersion } = usdc;
  const token = { network, asset, tokenName, tokenVersion, decimals: 6 };
  return { kind: 'x402', ...token, payTo: payTo(), transferMethods: ['permit2'] };
}

async function newPayer(chain: Chain, isApproved = true): Promise<WalletSigner> {
  const account = privateKeyToAccount(generatePrivateKey());
  await chain.mint(account.address, funds);
  if (isApproved) await chain.approvePermit2(account.address);
  return account as unknown as WalletSigner;
}

async function newContract(chain: Chain): Promise<WalletSigner> {
  const ownerKey = generatePrivateKey();
  const address = await chain.deployWallet(privateKeyToAccount(ownerKey).address);
  await chain.mint(address, funds);
  await chain.approvePermit2(address);
  return walletSigner(address, ownerKey);
}

/** The unmodified client, on that chain alone. */
function clientOf(signer: WalletSigner, { network: { network }, rpcUrl }: Chain): x402Client {
  return new x402Client()
    .register(network, new ExactEvmScheme(signer as never, { rpcUrl }))
    .register(network, new UptoEvmScheme(signer as never, { rpcUrl }));
}

const pay = (signer: WalletSigner, chain: Chain, seller: Seller) =>
  wrapFetchWithPayment(fetch, clientOf(signer, chain))(seller.paidUrl);

/** The payment of a client that asked once, kept instead of sent. */
async function signOnce(signer: WalletSigner, chain: Chain, seller: Seller): Promise<string> {
  let header = '';
  const spy: typeof fetch = async (input, init) => {
    const found = new Request(input, init).headers.get('payment-signature');
    if (found === null) return fetch(input, init);
    header = found;
    return new Response('{}');
  };
  await wrapFetchWithPayment(spy, clientOf(signer, chain))(seller.paidUrl);
  expect(header).not.toBe('');
  return header;
}

const send = (header: string, seller: Seller) => fetch(seller.paidUrl, { headers: { 'payment-signature': header } });
const countsOf = () => facilitators.map(({ counts }) => ({ ...counts }));
const paidOn = async (chain: Chain, { address }: WalletSigner) =>
  (await chain.transfers(address)).map(({ to, amountAtomic }) => [to, amountAtomic]);

function resolve(payment: Payment, amountAtomic?: bigint) {
  const rpcUrl = rpcUrls().get(payment.offer.network) ?? '';
  const options = { rpcUrl, fetch: egress.fetch, logBlocksMax: 3 };
  return resolveFromChain(options, onChain(payment, amountAtomic));
}

function receiptOf(response: Response) {
  const read = parseSettleResponse(response.headers.get('payment-response') ?? '');
  if (read.kind === 'malformed') throw new Error(read.reason);
  return read.value;
}

describe.each([{ index: 0 }, { index: 1 }] as const)('@x402/fetch on chain $index of two, by Permit2', ({ index }) => {
  let chain: Chain;
  beforeAll(() => {
    chain = chains[index];
  });

  it('pays a fixed amount, and the chain tells by what it was settled', async () => {
    const payer = await newPayer(chain);
    const response = await pay(payer, chain, fixed);
    expect(response.status).toBe(200);
    expect(receiptOf(response)).toMatchObject({ success: true, network: chain.network.network });
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
    const { settlement, payment } = fixed.last();
    expect(await resolve(payment)).toEqual(settlement);
  });

  it.each([
    ['a part', 12_340_500n, 12_341n],
    ['all, though more was used', 70_000_000n, ceiling],
  ])('pays %s of a ceiling', async (_what, used, taken) => {
    meteredSold.used = nanoUsd(used);
    const payer = await newPayer(chain);
    const response = await pay(payer, chain, metered);
    expect(response.status).toBe(200);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), taken]]);
    const { settlement, payment } = metered.last();
    expect(settlement).toMatchObject({ kind: 'settled', amountAtomic: taken });
    expect(settlement).toMatchObject(await resolve(payment, taken));
    expect((await resolve(payment, taken - 1n)).kind).toBe('unavailable');
  });

  it('pays nothing of a ceiling where nothing was used, and may send the same again', async () => {
    meteredSold.used = nanoUsd(0n);
    const payer = await newPayer(chain);
    const header = await signOnce(payer, chain, metered);
    const response = await send(header, metered);
    expect(response.status).toBe(200);
    expect(receiptOf(response)).toMatchObject({ success: true, transaction: '', amount: '0' });
    expect(countsOf().map(({ settle }) => settle)).toEqual([0, 0]);
    expect((await resolve(metered.last().payment)).kind).toBe('open');
    meteredSold.used = nanoUsd(1_000_000n);
    expect((await send(header, metered)).status).toBe(200);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), 1_000n]]);
  });

  it('signs the allowance along where it has none', async () => {
    const payer = await newPayer(chain, false);
    expect((await pay(payer, chain, fixed)).status).toBe(200);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
  });

  it('pays with a contract wallet', async () => {
    const payer = await newContract(chain);
    expect((await pay(payer, chain, fixed)).status).toBe(200);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
    expect((await resolve(fixed.last().payment)).kind).toBe('settled');
  });
});

describe('what does not reach a facilitator', () => {
  it('is a payment that was signed for the other chain', async () => {
    const [here, there] = chains;
    const payer = await newPayer(here);
    const header = await signOnce(payer, here, fixed);
    const text = Buffer.from(header, 'base64').toString();
    const moved = text.replaceAll(here.network.network, there.network.network).replaceAll(here.usdc, there.usdc);
    const named = moved.replace('"name":"USDC"', `"name":"${there.network.usdc.name}"`);
    expect((await send(Buffer.from(named).toString('base64'), fixed)).status).toBe(402);
    expect(fixed.last().verification).toEqual({ kind: 'invalid', reason: 'invalid_permit2_signature' });
    expect(countsOf()).toEqual([
      { verify: 0, settle: 0 },
      { verify: 0, settle: 0 },
    ]);
  });

  it('is a contract’s payment that somebody else signed: the contract itself says so', async () => {
    const [chain] = chains;
    const [payer, stranger] = [await newContract(chain), await newContract(chain)];
    const response = await pay({ ...payer, signTypedData: stranger.signTypedData }, chain, fixed);
    expect(response.status).toBe(402);
    expect(fixed.last().verification).toEqual({ kind: 'invalid', reason: 'invalid_contract_signature' });
    expect(countsOf().map(({ verify }) => verify)).toEqual([0, 0]);
    expect(await paidOn(chain, payer)).toEqual([]);
  });
});

describe('a contract’s payment where no node is known', () => {
  it('is judged by the facilitator', async () => {
    const [chain] = chains;
    const [payer, stranger] = [await newContract(chain), await newContract(chain)];
    const blind = createX402Rail(pool);
    const verified = async (signer: WalletSigner) => {
      const header = await signOnce(signer, chain, fixed);
      const checked = fixed.check({ 'payment-signature': header }, blind);
      return checked.kind === 'refused' ? checked : checked.payment.verify();
    };
    expect(await verified(payer)).toEqual({ kind: 'valid' });
    expect((await verified({ ...payer, signTypedData: stranger.signTypedData })).kind).toBe('invalid');
    expect(countsOf().map(({ verify }) => verify)).toEqual([2, 0]);
  });
});

describe('two facilitators', () => {
  it('a verification goes on to the second, and the settlement with it', async () => {
    const [chain] = chains;
    facilitators[0].faults.failVerifies = 1;
    const payer = await newPayer(chain);
    expect((await pay(payer, chain, fixed)).status).toBe(200);
    expect(countsOf()).toEqual([
      { verify: 1, settle: 0 },
      { verify: 1, settle: 1 },
    ]);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
  });

  it('a settlement whose reply is lost goes to no other, and the chain says that it happened', async () => {
    const [chain] = chains;
    facilitators[0].faults.loseSettleReplies = 1;
    const payer = await newPayer(chain);
    expect((await pay(payer, chain, fixed)).status).toBe(503);
    expect(countsOf().map(({ settle }) => settle)).toEqual([1, 0]);
    expect((await resolve(fixed.last().payment)).kind).toBe('settled');
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
  });

  it('a settlement goes to the second where the first has closed its port; last, for it stays closed', async () => {
    const [chain] = chains;
    const payer = await newPayer(chain);
    const checked = fixed.check({ 'payment-signature': await signOnce(payer, chain, fixed) });
    if (checked.kind === 'refused') throw new Error(checked.reason);
    expect((await checked.payment.verify()).kind).toBe('valid');
    await facilitators[0].close();
    // A connection that is kept open would break, and a request on it might have been sent.
    await egress.fetch(`${facilitators[0].url}/_health`).catch(() => undefined);
    expect((await checked.payment.settle(order)).kind).toBe('settled');
    expect(countsOf()).toEqual([
      { verify: 1, settle: 0 },
      { verify: 0, settle: 1 },
    ]);
    expect(await paidOn(chain, payer)).toEqual([[payTo(), price]]);
  });
});

it('a permit that was never sent fails once the chain is past its end, not before; last, for it moves the clock', async () => {
  const [chain] = chains;
  const payer = await newPayer(chain);
  const checked = fixed.check({ 'payment-signature': await signOnce(payer, chain, fixed) });
  if (checked.kind === 'refused') throw new Error(checked.reason);
  expect(await resolve(checked.payment)).toEqual({ kind: 'open' });
  await chain.mine(400);
  await chain.mine();
  expect(await resolve(checked.payment)).toEqual({ kind: 'failed', reason: 'authorization_expired_unused' });
});
