import Stripe from 'stripe';
import { z } from 'zod';
import type { StripeClient } from './clients.ts';

/** Shared payment tokens are known to this version of the API. */
export const sharedPaymentVersion = '2026-07-29.preview';

/** A charge that a token is to bear. `amountMinor` is in the smallest unit of `currency`, which is in lower case. */
export type TokenCharge = {
  readonly token: string;
  readonly amountMinor: bigint;
  readonly currency: string;
};

/** Whether a token may bear a charge. `unavailable`: Stripe did not say. */
export type TokenVerdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

const grantedToken = z.object({
  deactivated_at: z.number().nullish(),
  deactivated_reason: z.string().nullish(),
  usage_limits: z.object({ currency: z.string(), max_amount: z.number(), expires_at: z.number().nullish() }),
  usage_details: z.object({ amount_captured: z.object({ value: z.number() }).nullish() }).nullish(),
});

/** Asks Stripe whether a token may still bear a charge. Nothing is charged. Never throws. */
export async function judgeToken(client: StripeClient, charge: TokenCharge, nowMs: number): Promise<TokenVerdict> {
  try {
    const path = `/v1/shared_payment/granted_tokens/${encodeURIComponent(charge.token)}`;
    const read = grantedToken.safeParse(await client.rawRequest('GET', path, {}, { apiVersion: sharedPaymentVersion }));
    if (!read.success) return { kind: 'unavailable', reason: 'stripe_answer_unreadable' };
    const reason = refusalOf(read.data, charge, nowMs);
    return reason === null ? { kind: 'valid' } : { kind: 'invalid', reason };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return { kind: 'invalid', reason: 'token_unknown' };
    return { kind: 'unavailable', reason: error instanceof Error ? `stripe: ${error.name}` : 'stripe' };
  }
}

function refusalOf(
  { deactivated_at, deactivated_reason, usage_limits: limits, usage_details }: z.output<typeof grantedToken>,
  { amountMinor, currency }: TokenCharge,
  nowMs: number,
): string | null {
  if (typeof deactivated_at === 'number') return `token_${deactivated_reason ?? 'deactivated'}`;
  if (typeof limits.expires_at === 'number' && limits.expires_at * 1_000 <= nowMs) return 'token_expired';
  if (limits.currency.toLowerCase() !== currency) return 'token_of_another_currency';
  const left = limits.max_amount - (usage_details?.amount_captured?.value ?? 0);
  return BigInt(Math.floor(left)) < amountMinor ? 'token_limit_too_low' : null;
}
