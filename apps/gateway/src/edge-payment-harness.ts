import type { X402Wallet } from '@tollwright/contracts';
import {
  evmChargeNonce,
  type JsonObject,
  parseChallenges,
  serializeCredential,
  serializePaymentPayload,
  serializeSignIn,
  signInMessage,
  toChallengeFields,
  toRequirementsV2,
} from '@tollwright/protocols';
import { authorizationTypes } from '@x402/evm';
import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

const PAYER = privateKeyToAccount(generatePrivateKey());
const STRANGER_ATOMIC = 10_000n;
const CHAIN_ID = 84_532;
const PAY_TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const USDC = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';

export const PAYER_ADDRESS = PAYER.address;
export const EDGE_WALLET: X402Wallet = {
  kind: 'x402',
  network: `eip155:${CHAIN_ID}`,
  ...{ asset: USDC, tokenName: 'USDC', tokenVersion: '2', decimals: 6, payTo: PAY_TO },
};

/** What a call is made with: a key, or a payment under each header that one may come in, alone or beside the key. */
export const WAYS = ['key', 'x402', 'x402-v1', 'mpp', 'mpp-beside-key', 'sign-in-beside-key'] as const;

/** A call before anybody is named in it. */
export interface PlainCall {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** The lines of headers by which somebody makes a call in one of these ways, each as good as new. */
export interface EdgeCaller {
  linesFor(way: (typeof WAYS)[number], call: PlainCall): Promise<readonly string[]>;
  /** The value of a fresh `PAYMENT-SIGNATURE`. */
  payment(): Promise<string>;
}

export function edgeCaller(apiUrl: string, key: string): EdgeCaller {
  const bearer = `Authorization: Bearer ${key}`;
  const caller: EdgeCaller = {
    payment: async () => serializePaymentPayload({ x402Version: 2, accepted: acceptedV2(), ...(await transfer()) }),
    async linesFor(way, call) {
      switch (way) {
        case 'key':
          return [bearer];
        case 'x402':
          return [`PAYMENT-SIGNATURE: ${await caller.payment()}`];
        case 'x402-v1':
          return [`X-PAYMENT: ${serializePaymentPayload({ ...V1, ...(await transfer()) })}`];
        case 'mpp':
          return [`Authorization: ${await credentialFor(apiUrl, call)}`];
        case 'mpp-beside-key':
          return [bearer, `Payment-Authorization: ${await credentialFor(apiUrl, call)}`];
        case 'sign-in-beside-key':
          return [bearer, `SIGN-IN-WITH-X: ${await proofFor(apiUrl, call)}`];
      }
    },
  };
  return caller;
}

const V1 = { x402Version: 1, scheme: 'exact', network: 'base-sepolia' } as const;

function acceptedV2() {
  const way = { scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const;
  const offer = { ...EDGE_WALLET, ...way, amountAtomic: STRANGER_ATOMIC, maxTimeoutSeconds: 300 };
  return { ...toRequirementsV2(offer), amount: STRANGER_ATOMIC };
}

async function transfer() {
  const now = BigInt(Math.floor(Date.now() / 1_000));
  const nonce: Hex = `0x${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')}`;
  const terms = { to: PAY_TO, value: STRANGER_ATOMIC, validAfter: now - 600n, validBefore: now + 200n } as const;
  const authorization = { from: PAYER.address, ...terms, nonce };
  return { payload: { signature: await signedBy(authorization), authorization } };
}

function signedBy(message: object): Promise<Hex> {
  return PAYER.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: CHAIN_ID, verifyingContract: USDC },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: message as never,
  });
}

/** Asks for the price of the very call, as a stranger, and signs for the challenge of method `evm`. */
async function credentialFor(apiUrl: string, { method, target, body }: PlainCall): Promise<string> {
  const init = body === '' ? {} : { body, headers: { 'content-type': 'application/json' } };
  const asked = await fetch(apiUrl + target, { method, ...init });
  await asked.arrayBuffer();
  const challenges = parseChallenges([asked.headers.get('www-authenticate') ?? '']);
  const found = challenges.find((one) => one.kind === 'ok' && one.value.method === 'evm');
  if (found?.kind !== 'ok') throw new Error(`${method} ${target}: ${asked.status} without a challenge of method evm`);
  const { value: challenge } = found;
  const { amount, recipient } = challenge.request as Record<string, string>;
  const terms = {
    ...{ from: PAYER.address, to: recipient, value: amount, validAfter: '0' },
    validBefore: `${Math.floor(Date.parse(challenge.expires) / 1_000)}`,
    nonce: evmChargeNonce(challenge),
  };
  const payload = { type: 'authorization', ...terms, signature: await signedBy(terms) } as JsonObject;
  return serializeCredential({ challenge: toChallengeFields(challenge), payload });
}

async function proofFor(apiUrl: string, { target }: PlainCall): Promise<string> {
  const said = {
    ...{ domain: new URL(apiUrl).host, uri: apiUrl + target, version: '1' as const, nonce: 'a1b2c3d4e5f6' },
    ...{
      address: PAYER.address,
      chainId: EDGE_WALLET.network,
      type: 'eip191' as const,
      issuedAt: new Date().toISOString(),
    },
  };
  return serializeSignIn({ ...said, signature: await PAYER.signMessage({ message: signInMessage(said) }) });
}
