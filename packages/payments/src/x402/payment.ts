import { type PaymentPayload, paymentIdentifierOf } from '@tollwright/protocols';
import type { PricedResource } from '../rail.ts';
import type { QuotedOffer } from './quote.ts';

/** A payment that passed the local check: who pays what to whom, and the signed words themselves. */
export type X402Payment = {
  readonly rail: 'x402';
  readonly protocolVersion: 1 | 2;
  /** What must be claimed before the call is forwarded: `x402:<network>:<asset>:<payer>:<nonce>`, lower-cased. */
  readonly claimKey: string;
  readonly offer: QuotedOffer;
  readonly resource: PricedResource;
  readonly payload: PaymentPayload;
  /** Lower-cased. */
  readonly payer: string;
  /** Lower-cased. */
  readonly nonce: string;
  /** When the authorization ends, Unix milliseconds; at most the end of the year 9999. */
  readonly validBeforeMs: number;
  /** The client's own idempotency id; null without one. */
  readonly paymentIdentifier: string | null;
};

const lastMs = 253_402_300_799_000n;

/** Puts together what the check established. */
export function paymentOf(payload: PaymentPayload, offer: QuotedOffer, resource: PricedResource): X402Payment {
  const { from, nonce, validBefore } = payload.payload.authorization;
  const endMs = validBefore * 1_000n;
  return {
    rail: 'x402',
    protocolVersion: payload.x402Version,
    claimKey: claimKeyOf({ network: offer.network, asset: offer.asset, payer: from, nonce }),
    offer,
    resource,
    payload,
    payer: from.toLowerCase(),
    nonce: nonce.toLowerCase(),
    validBeforeMs: Number(endMs < lastMs ? endMs : lastMs),
    paymentIdentifier: paymentIdentifierOf(payload),
  };
}

/** The name under which an authorization is claimed: equal for every way of writing the same authorization. */
export function claimKeyOf(parts: { network: string; asset: string; payer: string; nonce: string }): string {
  return `x402:${parts.network}:${parts.asset}:${parts.payer}:${parts.nonce}`.toLowerCase();
}
