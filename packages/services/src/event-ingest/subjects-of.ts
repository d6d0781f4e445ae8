import type { IdKind } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import type { CloudEvent } from './cloud-event.ts';

interface SubjectMeans {
  readonly providerId: string;
  readonly now: Date;
  readonly id: (kind: IdKind) => string;
}

/**
 * The customers whom events are about, by subject; null for a subject that names none. Subjects that were never named
 * before are noted: a customer's id is that customer's.
 */
export async function customersOf(
  tx: Tx,
  { providerId, now, id }: SubjectMeans,
  events: readonly CloudEvent[],
): Promise<Map<string, string | null>> {
  const keys = [...new Set(events.map(({ subject }) => subject))].sort();
  const known = new Map((await subjectsNamed(tx, providerId, keys)).map((row) => [row.key, row.customerId]));
  const missing = keys.filter((key) => !known.has(key));
  if (missing.length === 0) return known;
  const owners = await tx.customer.findMany({ where: { providerId, id: { in: missing } }, select: { id: true } });
  const ids = new Set(owners.map((owner) => owner.id));
  await tx.subject.createMany({
    data: missing.map((key) => ({
      ...{ id: id('subject'), providerId, key, customerId: ids.has(key) ? key : null },
      ...{ createdAt: now, updatedAt: now },
    })),
    skipDuplicates: true,
  });
  // Somebody else may have made one of them meanwhile, for a customer.
  return new Map((await subjectsNamed(tx, providerId, keys)).map((row) => [row.key, row.customerId]));
}

function subjectsNamed(tx: Tx, providerId: string, keys: string[]) {
  return tx.subject.findMany({ where: { providerId, key: { in: keys } }, select: { key: true, customerId: true } });
}
