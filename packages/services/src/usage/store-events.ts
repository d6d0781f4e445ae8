import type { Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';
import type { UsageEventRow } from './event-row.ts';

const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['event_id', 'text'],
  ['provider_id', 'text'],
  ['customer_id', 'text'],
  ['agent_id', 'text'],
  ['key_id', 'text'],
  ['api_id', 'text'],
  ['route_id', 'text'],
  ['request_id', 'text'],
  ['livemode', 'boolean'],
  ['type', 'text'],
  ['model', 'text'],
  ['input_tokens', 'bigint'],
  ['output_tokens', 'bigint'],
  ['rated_nano_usd', 'bigint'],
  ['charged_nano_usd', 'bigint'],
  ['shortfall_nano_usd', 'bigint'],
  ['cost_nano_usd', 'bigint'],
  ['rail', 'text'],
  ['payment_id', 'text'],
  ['payer', 'text'],
  ['decision', 'text'],
  ['status', 'integer'],
  ['duration_ms', 'double precision'],
  ['occurred_at', 'timestamptz'],
  ['body', 'jsonb'],
  ['quantities', 'jsonb'],
];

const NAMES = COLUMNS.map(([name]) => name).join(', ');
const TYPED = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ');

/** Stores the events of the transaction's provider; answers the rows that were not there before. */
export async function storeEvents(tx: Tx, rows: readonly UsageEventRow[]): Promise<readonly UsageEventRow[]> {
  if (rows.length === 0) return [];
  const inserted = await tx.$queryRawUnsafe<{ event_id: string }[]>(
    `INSERT INTO usage_event (${NAMES})
     SELECT ${NAMES} FROM jsonb_to_recordset($1::jsonb) AS incoming(${TYPED})
     ON CONFLICT DO NOTHING RETURNING event_id`,
    toStorableJson(rows),
  );
  const fresh = new Set(inserted.map((row) => row.event_id));
  // The first of equal ids is the one that was inserted.
  return rows.filter((row) => fresh.delete(row.event_id));
}
