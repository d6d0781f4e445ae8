import type { Chain } from '@tollwright/testing';
import { authorizationTypes } from '@x402/evm';
import { bytesToHex, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

const account = privateKeyToAccount(generatePrivateKey());

/** The account that signs, which has to be funded where payments are to settle. */
export const exactPayer = account.address;

/** A payment of x402, version 2, scheme `exact`, as its client writes it. */
export async function signExact({ chainId, usdc }: Chain, payTo: Hex, amountAtomic: bigint, url?: string) {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const message = {
    ...{ from: account.address, to: payTo, value: amountAtomic, validAfter: now - 600n, validBefore: now + 280n },
    nonce: bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  };
  const signature = await account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId, verifyingContract: usdc },
    types: authorizationTypes,
    primaryType: 'TransferWithAuthorization',
    message,
  });
  const accepted = {
    ...{ scheme: 'exact', network: `eip155:${chainId}`, amount: `${amountAtomic}`, asset: usdc, payTo },
    ...{ maxTimeoutSeconds: 300, extra: { name: 'USDC', version: '2' } },
  };
  const [value, validAfter, validBefore] = [message.value, message.validAfter, message.validBefore].map(String);
  const authorization = { ...message, value, validAfter, validBefore };
  const resource = url === undefined ? {} : { resource: { url } };
  return { accepted, payload: { x402Version: 2, ...resource, accepted, payload: { signature, authorization } } };
}
