import { loadX402V1, openLedger } from '@tollwright/testing';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { wrapFetchWithPayment as payV2, x402Client } from '@x402/fetch';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { readLocal } from './local.ts';

/** Of the price of `paidUrl` the first generation's default, 0.10 USD, is a fifth. */
const V1_VALUE_MAX = 1_000_000n;

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;
type Account = ReturnType<typeof privateKeyToAccount>;

/** Somebody with a wallet on the local chain and no key of ours. */
export interface Payer {
  readonly account: Account;
  /** The unmodified client of x402 version 2. */
  readonly fetchV2: Fetch;
  /** The unmodified client of x402 version 1. */
  readonly fetchV1: Fetch;
  /** In the token's unit, a millionth of a dollar. */
  balance(): Promise<bigint>;
}

export async function newPayer(fundsAtomic: bigint): Promise<Payer> {
  const privateKey = generatePrivateKey();
  const account = privateKeyToAccount(privateKey);
  const { rpcUrl } = readLocal().chain;
  const ledger = openLedger(rpcUrl);
  if (fundsAtomic > 0n) await ledger.mint(account.address, fundsAtomic);
  const v1 = await loadX402V1();
  const client = new x402Client().register('eip155:84532', new ExactEvmScheme(account));
  return {
    account,
    fetchV2: payV2(fetch, client),
    fetchV1: v1.wrapFetchWithPayment(fetch, await v1.createSigner('base-sepolia', privateKey), V1_VALUE_MAX),
    balance: () => ledger.balanceOf(account.address),
  };
}

/** What an account holds, in millionths of a dollar. */
export function balanceOf(address: string): Promise<bigint> {
  return openLedger(readLocal().chain.rpcUrl).balanceOf(address as Hex);
}

/** How often tokens left an account. */
export async function debitsOf({ account }: Pick<Payer, 'account'>): Promise<number> {
  return (await openLedger(readLocal().chain.rpcUrl).transfers(account.address)).length;
}

/** The offer of a 402, as version 2 writes it. */
export interface Requirements {
  readonly scheme: string;
  readonly network: string;
  readonly amount: string;
  readonly asset: Hex;
  readonly payTo: Hex;
  readonly maxTimeoutSeconds: number;
  readonly extra: { readonly name: string; readonly version: string };
}

export interface PaymentRequired {
  readonly x402Version: number;
  readonly resource: { readonly url: string };
  readonly accepts: readonly Requirements[];
}

/** Reads base64 JSON, as the payment headers carry it. */
export function fromBase64<Value>(text: string | null): Value {
  return JSON.parse(Buffer.from(text ?? '', 'base64').toString()) as Value;
}

/** What an authorization says; every member may be wrong on purpose. */
export interface Authorization {
  readonly to: Hex;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly chainId: number;
}

/** A payment for an offer, signed by hand with wallet and nothing else: no client of ours or of anybody. */
export async function signPayment(
  payer: Pick<Payer, 'account'>,
  challenge: PaymentRequired,
  change: Partial<Authorization> = {},
) {
  const [accepted] = challenge.accepts;
  if (accepted === undefined) throw new Error('the challenge offers nothing');
  const now = BigInt(Math.floor(Date.now() / 1000));
  const terms: Authorization = {
    to: accepted.payTo,
    value: BigInt(accepted.amount),
    validAfter: now - 600n,
    validBefore: now + BigInt(accepted.maxTimeoutSeconds) - 20n,
    chainId: Number(accepted.network.split(':')[1]),
    ...change,
  };
  const nonce: Hex = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}`;
  const { to, value, validAfter, validBefore } = terms;
  const message = { from: payer.account.address, to, value, validAfter, validBefore, nonce };
  const signature = await payer.account.signTypedData({
    domain: { ...accepted.extra, chainId: terms.chainId, verifyingContract: accepted.asset },
    primaryType: 'TransferWithAuthorization',
    types: { TransferWithAuthorization: MEMBERS },
    message,
  });
  const texts = { value: value.toString(), validAfter: validAfter.toString(), validBefore: validBefore.toString() };
  const payload = { signature, authorization: { ...message, ...texts } };
  return { x402Version: 2, resource: challenge.resource, accepted, payload };
}

export type SignedPayment = Awaited<ReturnType<typeof signPayment>>;

export function paymentHeader(payment: SignedPayment): Record<string, string> {
  return { 'payment-signature': Buffer.from(JSON.stringify(payment)).toString('base64') };
}

const MEMBERS = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const;
