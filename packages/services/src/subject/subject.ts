import type { DbSubject } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

/** Whom ingested events are about. */
export const subjectOutput = z.object({
  id: z.string(),
  key: z.string().meta({ description: 'What events name it by' }),
  customerId: z.string().nullable().meta({ description: 'Whose usage its events are; null: of no customer' }),
  displayName: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type SubjectOutput = z.output<typeof subjectOutput>;

export function toSubject(row: DbSubject): SubjectOutput {
  const { id, key, customerId, displayName } = row;
  return {
    ...{ id, key, customerId, displayName, metadata: row.metadata as SubjectOutput['metadata'] },
    ...{ createdAt: toTimestamp(row.createdAt), updatedAt: toTimestamp(row.updatedAt) },
  };
}

/** The condition for a subject that is named by its id or by its key. */
export function namedBy(providerId: string, subjectIdOrKey: string) {
  return { providerId, OR: [{ id: subjectIdOrKey }, { key: subjectIdOrKey }] };
}
