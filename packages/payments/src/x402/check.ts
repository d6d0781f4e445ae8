import {
  alteredExtension,
  fromNetworkName,
  isKeySized,
  isWrapped,
  type PaymentPayload,
  paymentIdentifierIn,
  permit2Proxies,
  recoverSigner,
  sameHex,
  transferMethodOf,
  type X402Extensions,
} from '@tollwright/protocols';
import type { Checked, CheckTerms, PricedResource } from '../rail.ts';
import { type CheckRefusal, refusalsOf } from './check-refusal.ts';
import { paymentOf, type X402Payment } from './payment.ts';
import type { QuotedOffer } from './quote.ts';
import { type SignedTransfer, signedDigest, signedTransferOf } from './signed-transfer.ts';

/** A payment must still be valid for so long when it is checked; less would expire on its way to the chain. */
export const validityMarginSeconds = 6;

/** What the check knows beside the offers. */
export type KnownToCheck = {
  /** Whether an address is one of those that settle for us. */
  isFacilitator(address: string): boolean;
  /** Whether a node of the network can be asked about accounts. */
  asksChain(network: string): boolean;
  /** What a client has to send back as it was declared, if it sends it back. */
  declared(): X402Extensions;
};

/**
 * Judges a payment by what we offered, never by what it says it accepted: network, scheme, method, recipient, amount, asset,
 * validity, signature, and for scheme `upto` that one of our facilitators may settle. About 0.1 ms; nothing leaves the machine.
 * Accepted as `signedBy: 'contract'`, the signature is still to be judged by the payer's code.
 */
export function checkPayment(
  payload: PaymentPayload,
  terms: Pick<CheckTerms<QuotedOffer>, 'offers' | 'resource' | 'nowMs'>,
  known: KnownToCheck,
): Checked<X402Payment> {
  const extended = refusalOfExtensions(payload, known);
  if (extended !== null) return refused(extended);
  if (!isFor(payload, terms.resource)) return refused('resource_mismatch');
  const transfer = signedTransferOf(payload);
  const matched = matchOffers(payload, transfer, terms.offers);
  if (matched.kind === 'refused') return matched;
  const wrong = refusalOfPermit(payload) ?? refusalOfTime(transfer, terms.nowMs);
  if (wrong !== null) return refused(wrong);
  // Not the offer's own: facilitators change addresses, and the pool the one that it names, while an offer stands.
  const { facilitator } = transfer;
  if (facilitator !== null && !known.isFacilitator(facilitator)) return refused('upto_facilitator_mismatch');
  const offer = matched.offers.find((candidate) => isSignedFor(payload, transfer, candidate));
  if (offer !== undefined) return { kind: 'accepted', payment: paymentOf(payload, offer, terms.resource) };
  return checkContract(payload, transfer, matched.offers, terms.resource, known);
}

/**
 * Whether a payment that says what it is for means this. Nothing of it is signed, and clients differ in what they make of hosts
 * and queries: only a path that is another's is a mistake for certain, as of a client that pays two routes at once.
 */
function isFor(payload: PaymentPayload, asked: PricedResource): boolean {
  const url = payload.x402Version === 1 ? undefined : payload.resource?.url;
  if (url === undefined || !URL.canParse(url)) return true;
  return new URL(url).pathname === new URL(asked.url).pathname;
}

/** A signature that is no key's may be good to a contract; one of 65 bytes only where we can ask whether there is one. */
function checkContract(
  payload: PaymentPayload,
  { method, signature }: SignedTransfer,
  offers: readonly QuotedOffer[],
  resource: PricedResource,
  { asksChain }: KnownToCheck,
): Checked<X402Payment> {
  if (isWrapped(signature)) return refused('erc6492_signature_not_supported');
  const offer = offers.find(({ network }) => !isKeySized(signature) || asksChain(network));
  if (offer === undefined) return refused(refusalsOf(method).signature);
  return { kind: 'accepted', payment: paymentOf(payload, offer, resource, 'contract') };
}

type Refused = { readonly kind: 'refused'; readonly reason: CheckRefusal };
type Matched = { readonly kind: 'matched'; readonly offers: readonly QuotedOffer[] } | Refused;

function matchOffers(payload: PaymentPayload, transfer: SignedTransfer, offers: readonly QuotedOffer[]): Matched {
  const { scheme, method, to, amountAtomic } = transfer;
  const refusals = refusalsOf(method);
  const network = payload.x402Version === 2 ? payload.accepted.network : fromNetworkName(payload.network);
  const steps: readonly (readonly [fits: (offer: QuotedOffer) => boolean, refusal: CheckRefusal])[] = [
    [(offer) => offer.network === network, 'invalid_network'],
    [(offer) => offer.scheme === scheme, 'unsupported_scheme'],
    [(offer) => offer.transferMethod === method, 'unsupported_payload_type'],
    [(offer) => sameHex(offer.payTo, to), refusals.recipient],
    [(offer) => offer.amountAtomic === amountAtomic, refusals.amount],
    [(offer) => isAccepted(payload, offer), 'invalid_payment_requirements'],
  ];
  let left = offers;
  for (const [fits, refusal] of steps) {
    left = left.filter(fits);
    if (left.length === 0) return refused(refusal);
  }
  return { kind: 'matched', offers: left };
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
    accepted.extra.version === offer.tokenVersion &&
    transferMethodOf(accepted) === offer.transferMethod
  );
}

function refusalOfExtensions(payload: PaymentPayload, { declared }: KnownToCheck): CheckRefusal | null {
  if (payload.x402Version === 1 || payload.extensions === undefined) return null;
  if (alteredExtension(declared(), payload.extensions) !== null) return 'extension_echo_mismatch';
  return paymentIdentifierIn(payload.extensions).kind === 'invalid' ? 'invalid_payment_identifier' : null;
}

/** A permit names its token and its spender itself; an authorization of the token names neither. */
function refusalOfPermit(document: PaymentPayload): CheckRefusal | null {
  if (document.x402Version === 1 || !('permit2Authorization' in document.payload)) return null;
  const { accepted, payload } = document;
  const { spender, permitted } = payload.permit2Authorization;
  if (!sameHex(spender, permit2Proxies[accepted.scheme])) return 'invalid_permit2_spender';
  return sameHex(permitted.token, accepted.asset) ? null : 'permit2_token_mismatch';
}

function refusalOfTime({ method, beginSeconds, endSeconds }: SignedTransfer, nowMs: number): CheckRefusal | null {
  const nowSeconds = BigInt(Math.floor(nowMs / 1_000));
  const refusals = refusalsOf(method);
  if (endSeconds < nowSeconds + BigInt(validityMarginSeconds)) return refusals.ended;
  return beginSeconds > nowSeconds ? refusals.notBegun : null;
}

function isSignedFor(payload: PaymentPayload, { payer, signature }: SignedTransfer, offer: QuotedOffer): boolean {
  const digest = signedDigest(payload, offer);
  const signer = digest === null ? null : recoverSigner(digest, signature);
  return signer !== null && sameHex(signer, payer);
}

function refused(reason: CheckRefusal): Refused {
  return { kind: 'refused', reason };
}
