import {
  authorizationDigest,
  chainIdOf,
  type PaymentPayload,
  permit2Digest,
  type TransferMethod,
  type X402Scheme,
} from '@tollwright/protocols';
import type { QuotedOffer } from './quote.ts';

/** What a payer signed, whichever contract moves the token. */
export type SignedTransfer = {
  readonly scheme: X402Scheme;
  readonly method: TransferMethod;
  readonly payer: string;
  readonly to: string;
  /** In the token's smallest unit; a ceiling for scheme `upto`. */
  readonly amountAtomic: bigint;
  /** Unix seconds: usable from the one, and until before the other. */
  readonly beginSeconds: bigint;
  readonly endSeconds: bigint;
  /** Hex of an authorization, digits of a permit: the one way in which it is written here. */
  readonly nonce: string;
  /** The one address that may settle; null where anybody may. */
  readonly facilitator: string | null;
  readonly signature: string;
};

/** Reads the signed words of a payment. */
export function signedTransferOf(document: PaymentPayload): SignedTransfer {
  const { payload } = document;
  const { signature } = payload;
  const scheme = document.x402Version === 1 ? 'exact' : document.accepted.scheme;
  if ('authorization' in payload) {
    const { from, to, value, validAfter, validBefore, nonce } = payload.authorization;
    const times = { beginSeconds: validAfter, endSeconds: validBefore };
    const words = { payer: from, to, amountAtomic: value, ...times, nonce: nonce.toLowerCase(), signature };
    return { scheme, method: 'eip3009', facilitator: null, ...words };
  }
  const { from, permitted, nonce, deadline, witness } = payload.permit2Authorization;
  const times = { beginSeconds: witness.validAfter, endSeconds: deadline + 1n };
  const words = { payer: from, to: witness.to, amountAtomic: permitted.amount, ...times };
  const facilitator = witness.facilitator?.toLowerCase() ?? null;
  return { scheme, method: 'permit2', ...words, nonce: nonce.toString(), facilitator, signature };
}

/** The 32 bytes that the payer signed, if it was for this offer; null for a network that is no EVM chain. */
export function signedDigest({ payload }: PaymentPayload, offer: QuotedOffer): Uint8Array | null {
  const chainId = chainIdOf(offer.network);
  if (chainId === null) return null;
  if ('permit2Authorization' in payload) return permit2Digest(chainId, payload.permit2Authorization);
  const domain = { name: offer.tokenName, version: offer.tokenVersion, chainId, verifyingContract: offer.asset };
  return authorizationDigest(domain, payload.authorization);
}
