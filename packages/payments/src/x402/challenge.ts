import {
  type PaymentRequired,
  serializePaymentRequired,
  toPaymentRequiredV1,
  x402Headers,
} from '@tollwright/protocols';
import type { Challenge, PricedResource } from '../rail.ts';
import type { QuotedOffer } from './quote.ts';

const textCharactersMax = 400;

/** One 402 for both generations: version 2 reads the header, version 1 the body members. */
export function challengeOf(offers: readonly QuotedOffer[], resource: PricedResource, reason: string): Challenge {
  if (offers.length === 0) return { headers: {}, bodyMembers: {} };
  const required: PaymentRequired = {
    offers,
    error: reason.slice(0, textCharactersMax),
    resource: { ...resource, description: resource.description.slice(0, textCharactersMax) },
  };
  return {
    headers: { [x402Headers.required]: serializePaymentRequired(required), 'cache-control': 'no-store' },
    bodyMembers: toPaymentRequiredV1(required) ?? {},
  };
}
