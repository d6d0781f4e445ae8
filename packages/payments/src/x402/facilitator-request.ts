import { toPaymentPayloadJson, toRequirementsV1, toRequirementsV2 } from '@tollwright/protocols';
import type { FacilitatorRequest } from './facilitator.ts';
import type { X402Payment } from './payment.ts';

/**
 * What a facilitator is asked about a payment, in a version of the protocol that it takes: an authorization reads the same in
 * both. `amountAtomic` is what we ask of it: the offer's amount, or what is to be settled of it.
 */
export function requestOf(payment: X402Payment, x402Version: 1 | 2, amountAtomic: bigint): FacilitatorRequest {
  const { resource, payload } = payment;
  const offer = { ...payment.offer, amountAtomic };
  if (x402Version === 1) {
    const paymentRequirements = toRequirementsV1(offer, resource);
    return { x402Version, paymentPayload: toPaymentPayloadJson(payload), paymentRequirements };
  }
  const accepted = { ...toRequirementsV2(payment.offer), amount: payment.offer.amountAtomic };
  const document = payload.x402Version === 2 ? payload : { x402Version, accepted, payload: payload.payload };
  return {
    x402Version,
    paymentPayload: toPaymentPayloadJson(document),
    paymentRequirements: requirementsFor(payment, offer),
  };
}

/** A permit of scheme `upto` names who settles it; that one stays, also where another would be named today. */
function requirementsFor({ facilitator }: X402Payment, offer: X402Payment['offer']) {
  return toRequirementsV2({ ...offer, facilitator });
}
