import {
  authorizationDigest,
  chainIdOf,
  type EvmChargePayload,
  evmChargeNonce,
  parseEvmChargePayload,
  recoverSigner,
  sameHex,
  toRequirementsV2,
} from '@tollwright/protocols';
import type { AnsweredChallenge } from '../mpp/mpp-method.ts';
import type { Checked, PaymentFacts } from '../rail.ts';
import { validityMarginSeconds } from '../x402/check.ts';
import { paymentOf, type X402Payment } from '../x402/payment.ts';
import { type EvmOffer, evmOfferOf } from './offer.ts';

/** A payment by method `evm`, and the same authorization as facilitators of x402 take it. */
export type EvmPayment = PaymentFacts & { readonly rail: 'evm'; readonly authorization: X402Payment };

/**
 * Judges the authorization by what the challenge asked: recipient, exact amount, validity, signature, and a nonce that is
 * made of the challenge. About 0.1 ms; nothing leaves the machine.
 */
export function checkEvm(answered: AnsweredChallenge): Checked<EvmPayment> {
  const parsed = parseEvmChargePayload(answered.payload);
  if (parsed.kind === 'malformed') return refused('invalid-payload');
  const offer = evmOfferOf(answered);
  if (offer === null) return refused('invalid-challenge');
  const reason = refusalOf(parsed.value, offer, answered);
  return reason === null ? { kind: 'accepted', payment: evmPaymentOf(parsed.value, offer, answered) } : refused(reason);
}

function refusalOf(payload: EvmChargePayload, offer: EvmOffer, { challenge, source, call }: AnsweredChallenge) {
  const { from, to, value, nonce, validAfter, validBefore } = payload;
  const nowSeconds = BigInt(Math.floor(call.nowMs / 1_000));
  if (!sameHex(to, offer.payTo)) return 'recipient-mismatch';
  if (value !== offer.amountAtomic) return 'amount-mismatch';
  if (!sameHex(nonce, evmChargeNonce(challenge))) return 'nonce-of-another-challenge';
  if (validBefore < nowSeconds + BigInt(validityMarginSeconds)) return 'payment-expired';
  if (validAfter > nowSeconds) return 'not-valid-yet';
  if (source !== null && !sameHex(source, `did:pkh:${offer.network}:${from}`)) return 'source-mismatch';
  return isSigned(payload, offer) ? null : 'invalid-signature';
}

function isSigned(payload: EvmChargePayload, { network, asset, tokenName, tokenVersion }: EvmOffer): boolean {
  const chainId = chainIdOf(network);
  if (chainId === null) return false;
  const domain = { name: tokenName, version: tokenVersion, chainId, verifyingContract: asset };
  const signer = recoverSigner(authorizationDigest(domain, payload), payload.signature);
  return signer !== null && sameHex(signer, payload.from);
}

function evmPaymentOf(payload: EvmChargePayload, offer: EvmOffer, { challenge, call }: AnsweredChallenge): EvmPayment {
  const { from, to, value, validAfter, validBefore, nonce, signature } = payload;
  const way = { rail: 'x402', scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const;
  const x402Offer = { ...offer, ...way };
  const authorization = paymentOf(
    {
      x402Version: 2,
      accepted: { ...toRequirementsV2(x402Offer), amount: offer.amountAtomic },
      payload: { signature, authorization: { from, to, value, validAfter, validBefore, nonce } },
    },
    x402Offer,
    call.resource,
  );
  return {
    ...authorization,
    ...{ rail: 'evm', scheme: 'charge', protocolVersion: 1, offer, authorization },
    paymentIdentifier: challenge.id,
    details: { challengeId: challenge.id },
  };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}
