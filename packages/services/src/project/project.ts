import type { DbProject } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

export const projectOutput = z.object({ id: z.string(), name: z.string(), createdAt: z.string() });
export type ProjectOutput = z.output<typeof projectOutput>;

export function toProject(row: DbProject): ProjectOutput {
  return { id: row.id, name: row.name, createdAt: toTimestamp(row.createdAt) };
}
