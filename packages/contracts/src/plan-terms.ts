import { PERIODS, type PlanTerms } from '@tollwright/core';
import { z } from 'zod';
import { counterText, counterValue, fieldName, nanoUsdAmount, nanoUsdText, slug, usdDecimal } from './json.ts';
import { policyList } from './policy.ts';

export const period = z.enum(PERIODS);

const CREDIT_PACKS_MAX = 12;
const TIERS_MAX = 20;

export const rateLimit = z.object({
  limit: z.int().min(1).max(10_000_000),
  windowSeconds: z.int().min(1).max(86_400),
});

/** Plan terms with amounts read by the given schemas, so that the wire and the memory form are one shape. */
function termsOf<Money extends z.ZodType, Count extends z.ZodType>(money: Money, count: Count) {
  const tiers = z
    .array(z.object({ upTo: count.nullable(), usdPerUnit: usdDecimal, flatUsd: usdDecimal.default('0') }))
    .min(1)
    .max(TIERS_MAX);
  const price = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('flat'), amountNanoUsd: money, paymentTerm: z.enum(['in-advance', 'in-arrears']) }),
    z.object({ kind: z.literal('per-unit'), meter: fieldName, usdPerUnit: usdDecimal }),
    z.object({
      kind: z.literal('per-model-token'),
      meter: fieldName,
      usdPerMillionByModel: z.record(z.string().min(1).max(128), usdDecimal),
      defaultUsdPerMillion: usdDecimal.nullable(),
    }),
    z.object({ kind: z.literal('graduated'), meter: fieldName, tiers }),
    /** All units of a cycle at the price of the tier that it ends in; no tier is dearer than the one before. */
    z.object({ kind: z.literal('volume'), meter: fieldName, tiers }),
    z.object({ kind: z.literal('package'), meter: fieldName, units: count, usdPerPackage: usdDecimal }),
  ]);
  const rateCard = z.object({
    key: fieldName,
    name: z.string().min(1).max(120),
    price,
    /** Free in each billing cycle; tiers and packages count from there. */
    includedUnits: count.exactOptional(),
    /** Off every unit, fees of tiers too. */
    percentOff: z.int().min(1).max(99).exactOptional(),
    /** Off what the card comes to in a whole billing cycle, at its close, after the percentage. */
    amountOffNanoUsd: money.exactOptional(),
  });
  const quota = z.object({
    featureKey: fieldName,
    meters: z.array(fieldName).min(1).max(8),
    limit: count,
    period,
    onExhausted: z.literal('reject'),
  });
  const pack = z.object({
    key: slug,
    name: z.string().trim().min(1).max(120),
    priceNanoUsd: money,
    creditNanoUsd: money,
  });
  return z.object({
    currency: z.literal('usd'),
    billingPeriod: z.literal('month'),
    rateLimit: rateLimit.nullable(),
    quotas: z.array(quota).max(32),
    rateCards: z.array(rateCard).max(64),
    defaultKeyBudget: z.object({ limitNanoUsd: money, period }),
    outputTokensMax: z.int().min(1).max(1_000_000),
    /** What usage comes to in a whole billing cycle at least, beside fees: what is missing is added at its close. */
    minimumNanoUsd: money.exactOptional(),
    policies: policyList,
    /** Null: nothing is paid before. */
    prepaid: z
      .object({ packs: z.array(pack).max(CREDIT_PACKS_MAX) })
      .nullable()
      .default(null),
  });
}

/** What a plan version grants and costs: reads the wire form, gives core's PlanTerms with bigints. */
export const planTerms = termsOf(nanoUsdAmount, counterValue) satisfies z.ZodType<PlanTerms>;

/** The wire form of plan terms, unchanged: amounts stay decimal strings. For answers of the management API. */
export const planTermsText = termsOf(nanoUsdText, counterText);
export type PlanTermsText = z.output<typeof planTermsText>;

/** What customers and anybody see of terms: policies are the provider's own affair, they may hold addresses and header values. */
export const offeredTerms = planTermsText.omit({ policies: true });
export type OfferedTerms = z.output<typeof offeredTerms>;
