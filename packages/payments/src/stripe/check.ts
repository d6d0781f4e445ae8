import { nanoUsd } from '@tollwright/core';
import { z } from 'zod';
import type { AnsweredChallenge } from '../mpp/mpp-method.ts';
import type { Checked, PaymentFacts } from '../rail.ts';
import type { StripeOffer } from './offer.ts';

/** A payment by a shared payment token. Who pays is known to Stripe alone. */
export type StripePayment = PaymentFacts & {
  readonly rail: 'stripe';
  readonly offer: StripeOffer;
  readonly challengeId: string;
  readonly providerId: string;
  readonly token: string;
};

const request = z.object({
  amount: z.string().regex(/^\d{1,12}$/),
  currency: z.literal('usd'),
  methodDetails: z.object({ networkId: z.string() }),
});
const payload = z.object({ spt: z.string().regex(/^spt_[A-Za-z0-9_]{1,200}$/) });

/**
 * Judges what can be judged without Stripe: the challenge, and that its account still takes payments. The claim is the
 * challenge's: a second token on it pays for nothing.
 */
export function checkStripe({
  request: asked,
  payload: proof,
  ...answered
}: AnsweredChallenge<StripeOffer>): Checked<StripePayment> {
  const { challenge, call, priceNanoUsd, expiresAtMs } = answered;
  const [read, shown] = [request.safeParse(asked), payload.safeParse(proof)];
  if (!shown.success) return { kind: 'refused', reason: 'invalid-payload' };
  const standing = call.offers.find(({ payTo }) => read.success && payTo === read.data.methodDetails.networkId);
  if (!read.success || standing === undefined) return { kind: 'refused', reason: 'invalid-challenge' };
  const amountAtomic = BigInt(read.data.amount);
  const roundingNanoUsd = nanoUsd(amountAtomic * nanoPerCent - priceNanoUsd);
  const { spt: token } = shown.data;
  return {
    kind: 'accepted',
    payment: {
      ...{ rail: 'stripe', scheme: 'charge', protocolVersion: 1, claimKey: `stripe:${challenge.id}`, payer: '' },
      offer: { ...standing, amountAtomic, priceNanoUsd, roundingNanoUsd },
      ...{
        nonce: challenge.id,
        validBeforeMs: expiresAtMs,
        paymentIdentifier: `${challenge.id} ${token}`,
        challengeId: challenge.id,
        token,
      },
      providerId: call.scope.providerId,
      // The token itself is kept nowhere: it is found again by its challenge.
      details: {},
    },
  };
}

const nanoPerCent = 10_000_000n;
