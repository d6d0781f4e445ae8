import {
  authorizationDigest,
  chainIdOf,
  fromNetworkName,
  type PaymentPayload,
  recoverSigner,
  sameHex,
} from '@tollwright/protocols';
import type { CheckContext, Checked } from '../rail.ts';
import { paymentOf, type X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';

/** A payment must still be valid for so long when it is checked; less would expire on its way to the chain. */
export const validityMarginSeconds = 6;

/** Why a payment is refused without asking anyone. The codes are those of the x402 specification. */
export type CheckRefusal =
  | 'invalid_network'
  | 'invalid_payment_requirements'
  | 'invalid_exact_evm_payload_recipient_mismatch'
  | 'invalid_exact_evm_payload_authorization_value_mismatch'
  | 'invalid_exact_evm_payload_authorization_valid_before'
  | 'invalid_exact_evm_payload_authorization_valid_after'
  | 'invalid_exact_evm_payload_signature';

/**
 * Judges a payment by what we offered, never by what it says it accepted: network, asset, recipient, exact amount,
 * validity, signature. About 0.1 ms; nothing leaves the machine.
 */
export function checkPayment(payload: PaymentPayload, context: CheckContext<QuotedOffer>): Checked<X402Payment> {
  const matched = matchOffers(payload, context.offers);
  if (matched.kind === 'refused') return matched;
  const late = refusalOfTime(payload, context.nowMs);
  if (late !== null) return refused(late);
  const offer = matched.offers.find((candidate) => isSignedFor(payload, candidate));
  if (offer === undefined) return refused('invalid_exact_evm_payload_signature');
  return { kind: 'accepted', payment: paymentOf(payload, offer, context.resource) };
}

type Refused = { readonly kind: 'refused'; readonly reason: CheckRefusal };
type Matched = { readonly kind: 'matched'; readonly offers: readonly QuotedOffer[] } | Refused;

function matchOffers(payload: PaymentPayload, offers: readonly QuotedOffer[]): Matched {
  const { to, value } = payload.payload.authorization;
  const network = payload.x402Version === 2 ? payload.accepted.network : fromNetworkName(payload.network);
  const onNetwork = offers.filter((offer) => offer.network === network);
  if (onNetwork.length === 0) return refused('invalid_network');
  const toUs = onNetwork.filter((offer) => sameHex(offer.payTo, to));
  if (toUs.length === 0) return refused('invalid_exact_evm_payload_recipient_mismatch');
  const priced = toUs.filter((offer) => offer.amountAtomic === value);
  if (priced.length === 0) return refused('invalid_exact_evm_payload_authorization_value_mismatch');
  const accepted = priced.filter((offer) => isAccepted(payload, offer));
  if (accepted.length === 0) return refused('invalid_payment_requirements');
  return { kind: 'matched', offers: accepted };
}

/** Version 2 repeats the requirements that the client chose; a client that chose others has misread its price. */
function isAccepted(payload: PaymentPayload, offer: QuotedOffer): boolean {
  if (payload.x402Version === 1) return true;
  const { accepted } = payload;
  return (
    accepted.amount === offer.amountAtomic &&
    sameHex(accepted.asset, offer.asset) &&
    sameHex(accepted.payTo, offer.payTo) &&
    accepted.extra.name === offer.tokenName &&
    accepted.extra.version === offer.tokenVersion
  );
}

function refusalOfTime(payload: PaymentPayload, nowMs: number): CheckRefusal | null {
  const { validAfter, validBefore } = payload.payload.authorization;
  const nowSeconds = BigInt(Math.floor(nowMs / 1_000));
  if (validBefore < nowSeconds + BigInt(validityMarginSeconds)) {
    return 'invalid_exact_evm_payload_authorization_valid_before';
  }
  return validAfter > nowSeconds ? 'invalid_exact_evm_payload_authorization_valid_after' : null;
}

function isSignedFor(payload: PaymentPayload, offer: QuotedOffer): boolean {
  const { authorization, signature } = payload.payload;
  const chainId = chainIdOf(offer.network);
  if (chainId === null) return false;
  const domain = { name: offer.tokenName, version: offer.tokenVersion, chainId, verifyingContract: offer.asset };
  const signer = recoverSigner(authorizationDigest(domain, authorization), signature);
  return signer !== null && sameHex(signer, authorization.from);
}

function refused(reason: CheckRefusal): Refused {
  return { kind: 'refused', reason };
}
