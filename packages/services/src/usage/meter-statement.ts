import { type Aggregation, isAdditive, type Meter, type MeterWindow } from '@tollwright/core';
import { joinSql, type Sql, sql } from '@tollwright/db';

/** What is asked of a meter. */
export interface MeterQuestion {
  readonly providerId: string;
  readonly customerId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly windowSize?: MeterWindow | undefined;
  readonly windowTimeZone?: string | undefined;
  readonly subject?: readonly string[] | undefined;
  readonly filterCustomerId?: readonly string[] | undefined;
  readonly filterGroupBy?: Readonly<Record<string, string>> | undefined;
  readonly groupBy?: readonly string[] | undefined;
  readonly agentId?: string | undefined;
  readonly livemode?: boolean | undefined;
}

/** What rows can be grouped by beside a meter's own dimensions. */
export const RESERVED_GROUPS = ['subject', 'customer_id', 'agent_id'] as const;

const BUCKET_MS = 15 * 60_000;

/** The query for `key` of the window, `first` and `last` moment, `names` of the groups and the `value` as a decimal. */
export function meterStatement(meter: Meter, question: MeterQuestion, rowsMax: number): Sql {
  const { groupBy = [] } = question;
  const names = groupBy.length === 0 ? sql`ARRAY[]::text[]` : sql`ARRAY[${joinSql(groupBy.map(groupOf), ', ')}]`;
  const source = fitsRollup(meter, question) ? rollupOf(meter, question) : eventsOf(meter, question);
  return sql`SELECT ${windowKey(question)} AS key, ${names} AS names, min(m.at) AS first, max(m.at) AS last,
      ${FOLDS[meter.aggregation]}::text AS value
    FROM (${source}) AS m WHERE ${joinSql(conditionsOf(question), ' AND ')}
    GROUP BY 1, 2 ORDER BY min(m.at), 2 LIMIT ${rowsMax}::bigint`;
}

const FOLDS: Readonly<Record<Aggregation, Sql>> = {
  COUNT: sql`sum(m.quantity)`,
  SUM: sql`sum(m.quantity)`,
  UNIQUE_COUNT: sql`count(DISTINCT m.value)`,
  AVG: sql`avg(m.value::numeric)`,
  MIN: sql`min(m.value::numeric)`,
  MAX: sql`max(m.value::numeric)`,
  LATEST: sql`(array_agg(m.value::numeric ORDER BY m.at DESC, m.id COLLATE "C" DESC))[1]`,
};

/** Sums of quarters of an hour answer what adds up and begins and ends with one. */
function fitsRollup(meter: Meter, { from, to, windowSize }: MeterQuestion): boolean {
  const whole = (text: string | undefined) =>
    text === undefined ? windowSize !== undefined : Date.parse(text) % BUCKET_MS === 0;
  return isAdditive(meter) && windowSize !== 'MINUTE' && whole(from) && whole(to);
}

function rollupOf({ slug }: Meter, { providerId, livemode }: MeterQuestion): Sql {
  return sql`SELECT bucket_at AS at, subject, customer_id, agent_id, dimensions::jsonb AS dimensions, quantity,
      NULL::text AS value, ''::text AS id
    FROM meter_rollup WHERE provider_id = ${providerId} AND meter = ${slug} AND livemode = ${livemode ?? true}`;
}

/** Measurements, one by one. Those of before values were kept have a quantity only. */
function eventsOf(meter: Meter, question: MeterQuestion): Sql {
  const { providerId, livemode } = question;
  const where = joinSql(
    [
      sql`provider_id = ${providerId} AND type = ${meter.eventType} AND livemode = ${livemode ?? true}`,
      ...periodOf(question, sql`occurred_at`),
    ],
    ' AND ',
  );
  return sql`
    SELECT e.at, e.subject, e.customer_id, e.agent_id, q.dimensions::jsonb AS dimensions, q.quantity,
      coalesce(q.value, q.quantity::text) AS value, e.id
    FROM (
      SELECT event_id AS id, occurred_at AS at, coalesce(customer_id, '') AS subject, coalesce(customer_id, '') AS customer_id,
        coalesce(agent_id, '') AS agent_id, quantities FROM usage_event WHERE ${where}
      UNION ALL
      SELECT id, occurred_at, subject, coalesce(customer_id, ''), '', quantities FROM ingested_event WHERE ${where}
    ) AS e
    CROSS JOIN LATERAL jsonb_to_recordset(e.quantities) AS q(meter text, quantity numeric, value text, dimensions text)
    WHERE q.meter = ${meter.slug} AND (q.value IS NOT NULL OR q.quantity <> 0)`;
}

function conditionsOf(question: MeterQuestion): Sql[] {
  const { customerId, agentId, subject, filterCustomerId, filterGroupBy = {} } = question;
  return [
    sql`true`,
    ...periodOf(question, sql`m.at`),
    ...(customerId === undefined ? [] : [sql`m.customer_id = ${customerId}`]),
    ...(agentId === undefined ? [] : [sql`m.agent_id = ${agentId}`]),
    ...(subject === undefined ? [] : [oneOf(sql`m.subject`, subject)]),
    ...(filterCustomerId === undefined ? [] : [oneOf(sql`m.customer_id`, filterCustomerId)]),
    ...Object.entries(filterGroupBy).map(([name, value]) => sql`m.dimensions ->> ${name}::text = ${value}`),
  ];
}

function periodOf({ from, to }: MeterQuestion, at: Sql): Sql[] {
  return [
    ...(from === undefined ? [] : [sql`${at} >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`${at} < ${to}::timestamptz`]),
  ];
}

function oneOf(column: Sql, texts: readonly string[]): Sql {
  return sql`${column} IN (${joinSql(
    texts.map((text) => sql`${text}`),
    ', ',
  )})`;
}

function groupOf(name: string): Sql {
  if (name === 'subject') return sql`nullif(m.subject, '')`;
  if (name === 'customer_id') return sql`nullif(m.customer_id, '')`;
  if (name === 'agent_id') return sql`nullif(m.agent_id, '')`;
  return sql`(m.dimensions ->> ${name}::text)`;
}

/** What windowBounds of core reads. A day and a month are called by the zone's calendar, which knows none of them twice. */
function windowKey({ windowSize, windowTimeZone = 'UTC' }: MeterQuestion): Sql {
  switch (windowSize) {
    case undefined:
      return sql`''::text`;
    case 'MINUTE':
      return sql`extract(epoch FROM date_trunc('minute', m.at))::bigint::text`;
    case 'HOUR':
      return sql`extract(epoch FROM date_trunc('hour', m.at, ${windowTimeZone}::text))::bigint::text`;
    case 'DAY':
      return sql`to_char(m.at AT TIME ZONE ${windowTimeZone}::text, 'YYYY-MM-DD')`;
    case 'MONTH':
      return sql`to_char(m.at AT TIME ZONE ${windowTimeZone}::text, 'YYYY-MM-01')`;
  }
}
