import { z } from 'zod';
import { nanoUsdAmount, nanoUsdText } from './json.ts';

/** As many tiers a rule has at most. */
export const DISCOUNT_TIERS_MAX = 8;

const percentOff = z.int().min(1).max(99);

/** In which UTC period payments of one payer on an API count. */
export const discountPeriod = z.enum(['day', 'month']);
export type DiscountPeriod = z.output<typeof discountPeriod>;

/** From so many settled calls on, or so much paid: so many percent off. */
function ruleWith<Amount extends z.ZodType>(amount: Amount) {
  const byCalls = z.object({ measure: z.literal('calls'), from: z.int().min(1).max(1_000_000_000), percentOff });
  const byUsd = z.object({ measure: z.literal('usd'), fromNanoUsd: amount, percentOff });
  const tiers = z
    .array(z.discriminatedUnion('measure', [byCalls, byUsd]))
    .min(1)
    .max(DISCOUNT_TIERS_MAX);
  return z.object({ period: discountPeriod, tiers });
}

/** What who pays often pays less: the highest tier that a payer has reached in the period counts, whatever their order. */
export const volumeDiscount = ruleWith(nanoUsdAmount.refine((amount) => amount > 0n, 'must be above nothing'));
export type VolumeDiscount = z.output<typeof volumeDiscount>;

/** The same as it travels. */
export const volumeDiscountText = ruleWith(nanoUsdText.refine((text) => /[1-9]/.test(text), 'must be above nothing'));
export type VolumeDiscountText = z.output<typeof volumeDiscountText>;
