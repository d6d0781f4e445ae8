import { freeAnswers, stepUpNeed, type VolumeDiscountText, volumeDiscountText } from '@tollwright/contracts';
import type { DbRoute } from '@tollwright/db';
import { z } from 'zod';
import { moneyText } from '../fields.ts';

export const routeSettles = z.enum(['after', 'before', 'optimistic']);

export const stepUpFrom = z.enum(['api', 'route']);

export const routeOutput = z.object({
  id: z.string(),
  apiId: z.string(),
  operationId: z.string(),
  method: z.string(),
  pathTemplate: z.string(),
  summary: z.string(),
  extractorId: z.string().nullable(),
  bodyBytesMax: z.int(),
  strangerPriceNanoUsd: moneyText.nullable().meta({
    description: 'Price of a call without a key; null refuses strangers. With strangerPlanId, the most it costs',
  }),
  strangerPlanId: z.string().nullable().meta({
    description: "Strangers pay what a call used, by this plan's newest prices; null: every call costs the same",
  }),
  settles: routeSettles.meta({
    description:
      "When a stranger's money is taken: after the answer came, before the call, or after the answer went out, as far as exposureCapNanoUsd allows",
  }),
  exposureCapNanoUsd: moneyText
    .nullable()
    .meta({ description: 'How much of one payer may be served and not settled; null unless settles is optimistic' }),
  stepUpFrom: stepUpFrom.meta({
    description:
      "Whose limits of large payments hold: the API's, or the route's own three below, also where they are null",
  }),
  stepUpAboveNanoUsd: moneyText
    .nullable()
    .meta({ description: 'A payment of more than this needs what stepUpNeeds says; null: it never does' }),
  stepUpPayerAboveNanoUsd: moneyText
    .nullable()
    .meta({ description: 'The same of what one payer pays on the API in a UTC day; null: it never does' }),
  stepUpNeeds: stepUpNeed.meta({
    description:
      'verified-payer: the provider knows who pays. owner-approval: that, or an owner of the key approves it',
  }),
  accessSeconds: z.int().nullable().meta({
    description:
      'For so many seconds after a settled payment its payer gets in by signing in (x402 sign-in-with-x), at no charge; null: every call is paid for',
  }),
  discount: volumeDiscountText.nullable().meta({
    description:
      'From so many settled calls of one payer on the API in a UTC day or month on, or so much paid: so many percent off; null: all pay the same',
  }),
  freeAnswers: freeAnswers.meta({ description: 'Answers that strangers do not pay for' }),
});
export type RouteOutput = z.output<typeof routeOutput>;

export function toRoute(row: DbRoute): RouteOutput {
  const { id, apiId, operationId, method, pathTemplate, summary, extractorId, bodyBytesMax } = row;
  const strangerPriceNanoUsd = row.strangerPriceNanoUsd?.toString() ?? null;
  const known = { id, apiId, operationId, method, pathTemplate, summary, extractorId, bodyBytesMax };
  return {
    ...known,
    strangerPriceNanoUsd,
    strangerPlanId: row.strangerPlanId,
    settles: routeSettles.parse(row.settles),
    exposureCapNanoUsd: row.exposureCapNanoUsd?.toString() ?? null,
    stepUpFrom: stepUpFrom.parse(row.stepUpFrom),
    stepUpAboveNanoUsd: row.stepUpAboveNanoUsd?.toString() ?? null,
    stepUpPayerAboveNanoUsd: row.stepUpPayerAboveNanoUsd?.toString() ?? null,
    stepUpNeeds: stepUpNeed.parse(row.stepUpNeeds),
    accessSeconds: row.accessSeconds,
    discount: discountOf(row),
    freeAnswers: freeAnswers.parse(row.freeAnswers),
  };
}

/** A route without a rule keeps an empty one. */
export function discountOf({ discount }: Pick<DbRoute, 'discount'>): VolumeDiscountText | null {
  const isNone = discount === null || Object.keys(discount).length === 0;
  return isNone ? null : volumeDiscountText.parse(discount);
}
