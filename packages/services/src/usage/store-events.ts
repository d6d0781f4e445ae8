import type { UsageEvent } from '@tollwright/contracts';
import type { Meter } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';
import { toUsageEventRow } from './event-row.ts';

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

/** Stores the events of the transaction's provider; answers the ids of those that were not there before. */
export async function storeEvents(
  tx: Tx,
  events: readonly UsageEvent[],
  meters: readonly Meter[],
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const rows = await tx.$queryRawUnsafe<{ event_id: string }[]>(
    `INSERT INTO usage_event (${NAMES})
     SELECT ${NAMES} FROM jsonb_to_recordset($1::jsonb) AS incoming(${TYPED})
     ON CONFLICT DO NOTHING RETURNING event_id`,
    toStorableJson(events.map((event) => toUsageEventRow(event, meters))),
  );
  return new Set(rows.map((row) => row.event_id));
}
