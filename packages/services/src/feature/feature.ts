import type { DbFeature } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const featureOutput = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  meterSlugs: z.array(z.string()),
  createdAt: z.string(),
});
export type FeatureOutput = z.output<typeof featureOutput>;

export function toFeature(row: DbFeature): FeatureOutput {
  const { id, key, name, meterSlugs } = row;
  return { id, key, name, meterSlugs, createdAt: toTimestamp(row.createdAt) };
}
