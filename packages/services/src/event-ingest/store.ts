import type { Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { IngestedEventRow } from './event-row.ts';

/**
 * Notes events as seen in the transaction that stores them; answers those that were not seen before, the first of equal
 * ones. Rows are written in one order: two batches with the same events never wait for each other in a circle.
 */
export async function markSeen(
  tx: Tx,
  providerId: string,
  events: readonly CloudEvent[],
  now: Date,
): Promise<readonly CloudEvent[]> {
  const keys = toStorableJson(events.map(({ source, id }) => ({ source, id })));
  const inserted = await tx.$queryRawUnsafe<{ source: string; id: string }[]>(
    `INSERT INTO event_seen (provider_id, source, id, seen_at)
     SELECT DISTINCT $1::text, source, id, $2::timestamptz
     FROM jsonb_to_recordset($3::jsonb) AS incoming(source text, id text) ORDER BY source, id
     ON CONFLICT DO NOTHING RETURNING source, id`,
    providerId,
    now.toISOString(),
    keys,
  );
  const fresh = new Set(inserted.map(keyOf));
  return events.filter((event) => fresh.delete(keyOf(event)));
}

/** Stores rows that were not there. */
export async function storeIngested(tx: Tx, rows: readonly IngestedEventRow[]): Promise<void> {
  await tx.$executeRawUnsafe(
    'INSERT INTO ingested_event SELECT * FROM jsonb_populate_recordset(NULL::ingested_event, $1::jsonb)',
    toStorableJson(rows),
  );
}

function keyOf({ source, id }: { readonly source: string; readonly id: string }): string {
  return JSON.stringify([source, id]);
}
