import { STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';
import { calculateTax, chargeToken, judgeToken, type StripeClient } from '@tollwright/stripe';
import type { MppIssuer } from '../mpp/mpp-method.ts';
import { defineMppRail } from '../mpp/mpp-rail.ts';
import type { Rail } from '../rail.ts';
import { checkStripe, type StripePayment } from './check.ts';
import { quoteStripe, stripeRequest } from './offer.ts';

/** The account behind a sealed key. Throws when the key was sealed for another provider. */
export type ClientOfKey = (sealedKey: string, providerId: string) => StripeClient;

/** Under this name a payment intent says for which challenge it was made. */
export const challengeMetadata = 'mpp_challenge_id';

/** Method `stripe` of MPP, intent `charge`, by shared payment tokens. */
export function createStripeRail(issuer: MppIssuer, clientOfKey: ClientOfKey): Rail {
  const clientOf = ({ offer, providerId }: StripePayment) => clientOfKey(offer.account.sealedKey, providerId);
  const chargeOf = ({ offer, token }: StripePayment) => ({
    ...{ token, amountMinor: offer.amountAtomic, currency: offer.asset },
  });
  return defineMppRail(issuer, {
    name: 'stripe',
    intent: 'charge',
    capabilities: {
      ...{ amounts: ['fixed'], minimumNanoUsd: STRIPE_MINIMUM_NANO_USD, bindsBody: true, namesPayer: false },
      ...{ networks: ['stripe'], currencies: ['usd'], settles: ['after', 'before'], session: false },
    },
    quote: quoteStripe,
    requestOf: stripeRequest,
    memoOf: () => ({}),
    check: checkStripe,
    verify: async (payment) => judgeToken(clientOf(payment), chargeOf(payment), Date.now()),
    async settle(payment, { paymentId, requestId, description, labels }) {
      const { tax: terms, statementSuffix } = payment.offer.account;
      const client = clientOf(payment);
      const charge = chargeOf(payment);
      const taxKey = `tax_${payment.challengeId}`;
      const wanted = { ...charge, reference: paymentId, idempotencyKey: taxKey };
      return chargeToken(client, {
        ...charge,
        ...{ description: description === '' ? paymentId : description, statementSuffix },
        tax: terms === undefined ? undefined : await calculateTax(client, { ...wanted, terms }),
        // The challenge alone: a second token on it finds the first charge.
        idempotencyKey: `mpp_${payment.challengeId}`,
        metadata: {
          ...labels,
          ...{ [challengeMetadata]: payment.challengeId, machine_payment: 'true', mpp_intent: 'charge' },
          ...{ tollwright_payment: paymentId, tollwright_request: requestId },
        },
      });
    },
  });
}
