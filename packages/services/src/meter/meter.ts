import { METER_AGGREGATIONS } from '@tollwright/contracts';
import { type DbMeter, fromDbMeter } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const meterOutput = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  eventType: z.string(),
  aggregation: z.enum(METER_AGGREGATIONS),
  valueProperty: z.string().nullable(),
  groupBy: z.record(z.string(), z.string()),
  createdAt: z.string(),
  /** A meter never changes. */
  updatedAt: z.string(),
});
export type MeterOutput = z.output<typeof meterOutput>;

export function toMeter(row: DbMeter): MeterOutput {
  const { slug, eventType, aggregation, valueProperty, groupBy } = fromDbMeter(row);
  const createdAt = toTimestamp(row.createdAt);
  return {
    id: row.id,
    slug,
    name: row.name,
    eventType,
    aggregation,
    valueProperty,
    groupBy: { ...groupBy },
    createdAt,
    updatedAt: createdAt,
  };
}
