import { makeId } from '@tollwright/core';
import { type DbIncident, type Tx, toDbJson } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import { type Told, tell } from '../webhook/tell.ts';

/** Something that a person should look at, before it has an id. */
export interface NewIncident {
  readonly providerId: string;
  readonly customerId: string | null;
  readonly kind: string;
  readonly detail: object;
  /** Null: it concerns both modes. */
  readonly livemode: boolean | null;
}

/** Opens incidents, each once for what it is about, and has webhooks told of those that are new. Answers how many they are. The provider is the transaction's. */
export async function openIncidents(tx: Tx, means: PostingMeans, incidents: readonly NewIncident[]): Promise<number> {
  if (incidents.length === 0) return 0;
  const modes = new Map<string, boolean | null>();
  const occurredAt = new Date(means.clock());
  const data = incidents.map(({ providerId, customerId, kind, detail, livemode }) => {
    const id = makeId('incident', means.clock(), means.random(10));
    modes.set(id, livemode);
    return { id, providerId, customerId, kind, detail: toDbJson(detail), occurredAt };
  });
  const opened = await tx.incident.createManyAndReturn({ data, skipDuplicates: true });
  const [first] = opened;
  if (first === undefined) return 0;
  const told = opened.map((row) => toldOf('incident.opened', row, occurredAt, modes.get(row.id) ?? null));
  await tell(tx, means, first.providerId, told);
  return opened.length;
}

/** Resolves incidents that turned out to be none, or are over, and has webhooks told. The provider is the transaction's. */
export async function resolveIncidents(tx: Tx, means: PostingMeans, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const resolvedAt = new Date(means.clock());
  const rows = await tx.incident.updateManyAndReturn({
    where: { id: { in: [...ids] }, resolvedAt: null },
    data: { resolvedAt },
  });
  const [first] = rows;
  if (first === undefined) return;
  await tell(
    tx,
    means,
    first.providerId,
    rows.map((row) => toldOf('incident.resolved', row, resolvedAt, null)),
  );
}

/** What webhooks hear of an incident. */
export function toldOf(
  type: 'incident.opened' | 'incident.resolved',
  { id, customerId, kind, detail }: DbIncident,
  occurredAt: Date,
  livemode: boolean | null,
): Told {
  return {
    ...{ type, customerId, livemode, occurredAt },
    data: { incidentId: id, kind, detail: detail as Record<string, unknown> },
  };
}
