import type { Tx } from '@tollwright/db';
import type { IngestedEventRow } from '../event-ingest/event-row.ts';
import { toStorableJson } from '../storable-json.ts';
import type { UsageEventRow } from './event-row.ts';

const BUCKET = `date_bin('15 minutes', e.occurred_at, timestamptz '2000-01-01T00:00:00Z')`;

const GIVEN_ROWS = 'jsonb_populate_recordset(NULL::usage_event, $1::jsonb)';
const GIVEN_INGESTED = 'jsonb_populate_recordset(NULL::ingested_event, $1::jsonb)';

const USAGE_KEY = 'provider_id, bucket_at, customer_id, agent_id, key_id, api_id, route_id, model, rail, livemode';
const USAGE_SUMS = `calls, errors, input_tokens, output_tokens, rated_nano_usd, charged_nano_usd, shortfall_nano_usd,
  cost_nano_usd, costed_calls, costed_charged_nano_usd`;
const METER_KEY = 'provider_id, meter, bucket_at, customer_id, subject, agent_id, dimensions, livemode';

/** Which events are added: rows just inserted, or all that the transaction's tenant has. */
export type RollupScope =
  | { readonly kind: 'rows'; readonly rows: readonly UsageEventRow[] }
  | { readonly kind: 'ingested'; readonly rows: readonly IngestedEventRow[] }
  | { readonly kind: 'all' };

/**
 * Adds events to usage_rollup and meter_rollup. Live ingestion and the rebuild both come through here, so a rebuilt table
 * is the live one. Rows are written in the order of their keys: two spools never wait for each other in a circle.
 */
export async function addToRollups(tx: Tx, scope: RollupScope): Promise<void> {
  if (scope.kind === 'all') {
    await tx.$executeRawUnsafe(addUsage('usage_event'));
    await tx.$executeRawUnsafe(addMeters(callsOf('usage_event')));
    await tx.$executeRawUnsafe(addMeters(ingestedOf('ingested_event')));
    return;
  }
  if (scope.rows.length === 0) return;
  // Read from the parameter, not from the table: the cost then never depends on what is stored or on its statistics.
  if (scope.kind === 'ingested') {
    const rows = toStorableJson(scope.rows.map(({ data: _, ...row }) => row));
    await tx.$executeRawUnsafe(addMeters(ingestedOf(GIVEN_INGESTED)), rows);
    return;
  }
  const rows = toStorableJson(scope.rows.map(({ body: _, ...row }) => row));
  await tx.$executeRawUnsafe(addUsage(GIVEN_ROWS), rows);
  await tx.$executeRawUnsafe(addMeters(callsOf(GIVEN_ROWS)), rows);
}

const MEASURED = 'provider_id, customer_id, livemode, occurred_at, quantities';

/** The subject of a call is its customer. */
function callsOf(source: string): string {
  return `(SELECT ${MEASURED}, coalesce(customer_id, '') AS subject, coalesce(agent_id, '') AS agent_id FROM ${source})`;
}

function ingestedOf(source: string): string {
  return `(SELECT ${MEASURED}, subject, '' AS agent_id FROM ${source})`;
}

function addUsage(source: string): string {
  return `
    INSERT INTO usage_rollup AS r (${USAGE_KEY}, ${USAGE_SUMS})
    SELECT e.provider_id, ${BUCKET}, coalesce(e.customer_id, ''), coalesce(e.agent_id, ''), coalesce(e.key_id, ''),
      e.api_id, e.route_id, coalesce(e.model, ''), e.rail, e.livemode,
      count(*), count(*) FILTER (WHERE e.status >= 400), sum(e.input_tokens)::bigint, sum(e.output_tokens)::bigint,
      sum(e.rated_nano_usd)::bigint, sum(e.charged_nano_usd)::bigint, sum(e.shortfall_nano_usd)::bigint,
      coalesce(sum(e.cost_nano_usd), 0)::bigint, count(e.cost_nano_usd),
      coalesce(sum(e.charged_nano_usd) FILTER (WHERE e.cost_nano_usd IS NOT NULL), 0)::bigint
    FROM ${source} e
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ON CONFLICT (${USAGE_KEY}) DO UPDATE SET ${sums(USAGE_SUMS)}`;
}

function addMeters(source: string): string {
  return `
    INSERT INTO meter_rollup AS r (${METER_KEY}, quantity)
    SELECT e.provider_id, q.meter, ${BUCKET}, coalesce(e.customer_id, ''), e.subject, e.agent_id, q.dimensions,
      e.livemode, sum(q.quantity)
    FROM ${source} e
    CROSS JOIN LATERAL jsonb_to_recordset(e.quantities) AS q(meter text, quantity numeric, value text, dimensions text)
    WHERE q.quantity <> 0 OR (q.quantity = 0 AND q.value IS NOT NULL)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (${METER_KEY}) DO UPDATE SET ${sums('quantity')}`;
}

function sums(columns: string): string {
  return columns
    .split(/,\s+/)
    .map((column) => `${column} = r.${column} + excluded.${column}`)
    .join(', ');
}
