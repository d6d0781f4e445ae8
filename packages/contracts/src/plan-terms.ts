import { PERIODS, type PlanTerms } from '@tollwright/core';
import { z } from 'zod';
import { counterValue, fieldName, nanoUsdAmount, usdDecimal } from './json.ts';

export const period = z.enum(PERIODS);

const price = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('flat'),
    amountNanoUsd: nanoUsdAmount,
    paymentTerm: z.enum(['in-advance', 'in-arrears']),
  }),
  z.object({ kind: z.literal('per-unit'), meter: fieldName, usdPerUnit: usdDecimal }),
  z.object({
    kind: z.literal('per-model-token'),
    meter: fieldName,
    usdPerMillionByModel: z.record(z.string().min(1).max(128), usdDecimal),
    defaultUsdPerMillion: usdDecimal.nullable(),
  }),
]);

export const rateCard = z.object({ key: fieldName, name: z.string().min(1).max(120), price });

export const rateLimit = z.object({
  limit: z.int().min(1).max(10_000_000),
  windowSeconds: z.int().min(1).max(86_400),
});

export const quota = z.object({
  featureKey: fieldName,
  meters: z.array(fieldName).min(1).max(8),
  limit: counterValue,
  period,
  onExhausted: z.literal('reject'),
});

/** What a plan version grants and costs, as typed by a provider and as carried in snapshots. */
export const planTerms: z.ZodType<PlanTerms, unknown> = z.object({
  currency: z.literal('usd'),
  billingPeriod: z.literal('month'),
  rateLimit: rateLimit.nullable(),
  quotas: z.array(quota).max(32),
  rateCards: z.array(rateCard).max(64),
  defaultKeyBudget: z.object({ limitNanoUsd: nanoUsdAmount, period }),
  outputTokensMax: z.int().min(1).max(1_000_000),
});
