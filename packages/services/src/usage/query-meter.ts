import { METER_WINDOWS, type Meter, windowBounds } from '@tollwright/core';
import { fromDbMeter } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, idText, providerId } from '../fields.ts';
import { meterIdOrSlug } from '../meter/get.ts';
import { parse } from '../parse.ts';
import { invalid, notFound } from '../refusals.ts';
import { timeZone } from './buckets.ts';
import { type MeterQuestion, meterStatement, RESERVED_GROUPS } from './meter-statement.ts';

const ROWS_MAX = 10_000;

const texts = z.array(z.string().min(1).max(256)).max(100);
const moment = z.iso.datetime({ offset: true });

export const queryMeterInput = z.object({
  providerId,
  customerId: customerId.optional(),
  meterIdOrSlug,
  from: moment.optional().meta({ description: 'Start. Default: the first event' }),
  to: moment.optional().meta({ description: 'End, not included. Default: the last event' }),
  windowSize: z
    .enum(METER_WINDOWS)
    .optional()
    .meta({ description: 'One row a window in which something was measured; without it one row for the whole period' }),
  windowTimeZone: timeZone.optional().meta({ description: 'Whose hours, days and months. Default: UTC' }),
  subject: texts.optional().meta({ description: "Subjects of events; a call's subject is its customer's id" }),
  filterCustomerId: texts.optional(),
  filterGroupBy: z
    .record(z.string().min(1).max(64), z.string().max(1_024))
    .transform((filter) => filter)
    .optional()
    .meta({ description: 'Values of dimensions of the meter, as filterGroupBy[model]=gpt-4o' }),
  groupBy: texts.optional().meta({ description: 'Dimensions of the meter, subject, customer_id or agent_id' }),
  agentId: idText.optional(),
  livemode: z.boolean().optional().meta({ description: 'Default: true' }),
});
export const queryMeterOutput = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  windowSize: z.enum(METER_WINDOWS).optional(),
  data: z.array(
    z.object({
      value: z.number().meta({ description: 'Sums and counts are exact up to 2^53' }),
      windowStart: z.string(),
      windowEnd: z.string(),
      subject: z.string().nullable(),
      customerId: z.string().nullable().optional(),
      /** Dimension -> value; null where an event had none. */
      groupBy: z.record(z.string(), z.string().nullable()),
    }),
  ),
});
export type MeterQueryResult = z.output<typeof queryMeterOutput>;

interface FoundRow {
  readonly key: string;
  readonly first: Date;
  readonly last: Date;
  readonly names: readonly (string | null)[];
  readonly value: string;
}

/**
 * What a meter measured on calls and ingested events, over time and by its dimensions. Throws `not-found` for a meter that
 * the provider never had, and `invalid-input` for a dimension that it lacks and for more than 10,000 rows.
 */
export async function queryMeter(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof queryMeterInput>,
): Promise<MeterQueryResult> {
  const wanted = parse(queryMeterInput, input);
  const access = await authorize(ctx, actor, wanted, 'read');
  const { from, to, windowSize } = wanted;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) {
    throw invalid('from', 'from must be before to');
  }
  const found = await read(ctx, access, async (tx) => {
    const { providerId, meterIdOrSlug: named } = wanted;
    const row = await tx.meter.findFirst({ where: { providerId, OR: [{ id: named }, { slug: named }] } });
    if (row === null) throw notFound();
    const meter = fromDbMeter(row);
    assertDimensions(meter, wanted);
    return tx.$queryRaw<FoundRow[]>(meterStatement(meter, wanted, ROWS_MAX + 1));
  });
  if (found.length > ROWS_MAX) {
    throw invalid('windowSize', `comes to more than ${ROWS_MAX} rows: ask for a shorter period or larger windows`);
  }
  return {
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    ...(windowSize === undefined ? {} : { windowSize }),
    data: found.map((row) => toRow(wanted, row)),
  };
}

function assertDimensions(meter: Meter, { groupBy = [], filterGroupBy = {} }: MeterQuestion): void {
  const check = (path: string, known: readonly string[], names: readonly string[]) => {
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw invalid(path, `${unknown} is not one of ${known.join(', ') || 'no dimensions'}`);
  };
  const dimensions = Object.keys(meter.groupBy);
  check('groupBy', [...dimensions, ...RESERVED_GROUPS], groupBy);
  check('filterGroupBy', dimensions, Object.keys(filterGroupBy));
}

function toRow(wanted: MeterQuestion, row: FoundRow): MeterQueryResult['data'][number] {
  const groups = Object.fromEntries((wanted.groupBy ?? []).map((name, index) => [name, row.names[index] ?? null]));
  const { subject, customer_id: customerId, ...groupBy } = groups;
  const { startMs, endMs } = boundsOf(wanted, row);
  return {
    value: Number(row.value),
    windowStart: new Date(startMs).toISOString(),
    windowEnd: new Date(endMs).toISOString(),
    subject: subject ?? null,
    ...(customerId === undefined ? {} : { customerId }),
    groupBy,
  };
}

/** Without a window, from and to; what is not given is the minute of the first or the last event of the row. */
function boundsOf({ from, to, windowSize, windowTimeZone = 'UTC' }: MeterQuestion, { key, first, last }: FoundRow) {
  if (windowSize !== undefined) return windowBounds(windowSize, key, windowTimeZone);
  const minuteMs = 60_000;
  return {
    startMs: from === undefined ? Math.floor(first.getTime() / minuteMs) * minuteMs : Date.parse(from),
    endMs: to === undefined ? (Math.floor(last.getTime() / minuteMs) + 1) * minuteMs : Date.parse(to),
  };
}
