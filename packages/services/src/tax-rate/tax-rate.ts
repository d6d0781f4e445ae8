import { formatDecimal, parseDecimal } from '@tollwright/core';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

/** `19` or `8.875`: above zero, at most a hundred. */
export const taxPercent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,6})?$/, 'must be a percentage such as 19 or 8.875')
  .transform((text) => formatDecimal(parseDecimal(text)))
  .refine((text) => Number(text) > 0 && Number(text) <= 100, 'must be above 0 and at most 100');

export const taxRateOutput = z.object({
  id: z.string(),
  name: z.string(),
  percent: z.string().meta({ description: 'An exact decimal: 8.875' }),
  region: z.string(),
  createdAt: z.string(),
  archivedAt: z.string().nullable(),
});
export type TaxRateOutput = z.output<typeof taxRateOutput>;

export interface TaxRateRow {
  readonly id: string;
  readonly name: string;
  readonly percent: { toFixed(): string };
  readonly region: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

export function toTaxRate({ id, name, percent, region, createdAt, archivedAt }: TaxRateRow): TaxRateOutput {
  const at = { createdAt: toTimestamp(createdAt), archivedAt: toTimestamp(archivedAt) };
  return { id, name, percent: percent.toFixed(), region, ...at };
}
