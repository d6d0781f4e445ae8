import { extractorRule } from '@tollwright/contracts';
import { type DbExtractor, fromDbExtractorRule } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const extractorOutput = z.object({
  id: z.string(),
  name: z.string(),
  rule: extractorRule,
  createdAt: z.string(),
});
export type ExtractorOutput = z.output<typeof extractorOutput>;

export function toExtractor(row: DbExtractor): ExtractorOutput {
  const { id, name, createdAt } = row;
  return { id, name, rule: fromDbExtractorRule(row.rule), createdAt: toTimestamp(createdAt) };
}
