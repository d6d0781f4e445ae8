import { type PaymentPayload, paymentIdentifierIn } from '@tollwright/protocols';
import type { PaymentFacts, PricedResource } from '../rail.ts';
import type { QuotedOffer } from './quote.ts';
import { signedTransferOf } from './signed-transfer.ts';

/** A payment that passed the local check: who pays what to whom, and the signed words themselves. */
export type X402Payment = PaymentFacts & {
  readonly rail: 'x402';
  readonly protocolVersion: 1 | 2;
  readonly offer: QuotedOffer;
  readonly resource: PricedResource;
  readonly payload: PaymentPayload;
  /** The one address that the payer lets settle, as scheme `upto` signs it; null where anybody may. */
  readonly facilitator: string | null;
  /** `key`: the signature was found good here. `contract`: only the payer's code on its chain can tell. */
  readonly signedBy: 'key' | 'contract';
};

const lastMs = 253_402_300_799_000n;

/** Puts together what the check established. */
export function paymentOf(
  payload: PaymentPayload,
  offer: QuotedOffer,
  resource: PricedResource,
  signedBy: X402Payment['signedBy'] = 'key',
): X402Payment {
  const { method, payer, nonce, endSeconds, facilitator } = signedTransferOf(payload);
  const { network, asset, scheme } = offer;
  const endMs = endSeconds * 1_000n;
  const claimed = { network, asset, payer, nonce };
  return {
    rail: 'x402',
    scheme,
    protocolVersion: payload.x402Version,
    claimKey: method === 'permit2' ? permitClaimKey(claimed) : authorizationClaimKey(claimed),
    offer,
    resource,
    payload,
    facilitator,
    signedBy,
    isProven: signedBy === 'key',
    payer: payer.toLowerCase(),
    nonce,
    validBeforeMs: Number(endMs < lastMs ? endMs : lastMs),
    details: detailsOf(payload),
    paymentIdentifier: identifierOf(payload),
  };
}

function identifierOf(payload: PaymentPayload): string | null {
  const named = payload.x402Version === 1 ? null : paymentIdentifierIn(payload.extensions);
  return named?.kind === 'named' ? named.id : null;
}

/** What finds a permit again in the calldata that used it. */
function detailsOf({ payload }: PaymentPayload): Readonly<Record<string, string>> {
  if ('authorization' in payload) return {};
  const { permitted, deadline } = payload.permit2Authorization;
  return { transferMethod: 'permit2', permittedAtomic: permitted.amount.toString(), deadline: deadline.toString() };
}

/**
 * The name under which a token authorization is claimed, whichever rail it is shown on: equal for every way of writing the
 * same authorization.
 */
export function authorizationClaimKey(parts: {
  readonly network: string;
  readonly asset: string;
  readonly payer: string;
  readonly nonce: string;
}): string {
  return `x402:${parts.network}:${parts.asset}:${parts.payer}:${parts.nonce}`.toLowerCase();
}

/** The same for a permit: Permit2 counts a payer's nonces over all tokens. */
export function permitClaimKey(parts: {
  readonly network: string;
  readonly payer: string;
  readonly nonce: string;
}): string {
  return `permit2:${parts.network}:${parts.payer}:${parts.nonce}`.toLowerCase();
}
