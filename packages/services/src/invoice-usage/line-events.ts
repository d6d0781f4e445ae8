import { type DbInvoiceLine, type Sql, sql, type Tx } from '@tollwright/db';

/** What a call added to a line of an invoice. */
export interface LineEvent {
  readonly event_id: string;
  readonly occurred_at: Date;
  readonly agent: string;
  readonly key: string;
  readonly route: string;
  readonly model: string | null;
  /** Null where the line has none. */
  readonly quantity: string | null;
  readonly amount: string;
}

/** Which calls of a line's cycle, plan version, rate card and model are its own. */
export interface Cut {
  /** Those before were on earlier invoices. Null: all from the first on. */
  readonly after: Date | null;
  /** Those behind are on later ones, or on none. */
  readonly through: Date;
}

const NEVER = new Date(0);
const EVENTS_MAX = 1_000;

/** Whether calls are behind a line: of the others the cycle itself is, and the plan. */
export function hasEvents({ kind }: DbInvoiceLine): boolean {
  return kind === 'usage' || kind === 'shortfall' || kind === 'credit';
}

/**
 * Finds which calls a line is of. What came late is on a later invoice as a line of the same cycle: calls are on these lines in the order in
 * which they were stored, so each line begins where the sum of those before it ends.
 */
export async function cutOf(tx: Tx, line: DbInvoiceLine): Promise<Cut> {
  const others = await tx.$queryRaw<{ amount: string; quantity: string; later: boolean }[]>(sql`
    SELECT coalesce(sum(l.amount_nano_usd), 0)::text AS amount, coalesce(sum(l.quantity), 0)::text AS quantity,
      i.sequence > (SELECT sequence FROM invoice WHERE id = ${line.invoiceId}) AS later
    FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
    WHERE l.provider_id = ${line.providerId} AND l.customer_id = ${line.customerId} AND l.livemode = ${line.livemode}
      AND l.kind = ${line.kind} AND l.starts_at = ${line.startsAt} AND l.invoice_id <> ${line.invoiceId}
      AND l.plan_version_id IS NOT DISTINCT FROM ${line.planVersionId} AND l.model IS NOT DISTINCT FROM ${line.model}
      AND l.rate_card_key IS NOT DISTINCT FROM ${line.rateCardKey} AND l.meter IS NOT DISTINCT FROM ${line.meter}
    GROUP BY 3`);
  const stored = await tx.$queryRaw<{ ingested_at: Date; amount: string; quantity: string }[]>(sql`
    SELECT ingested_at, sum(amount)::text AS amount, coalesce(sum(quantity), 0)::text AS quantity
    FROM (${itemsOf(line)}) item GROUP BY 1 ORDER BY 1`);
  const before = others.find(({ later }) => !later);
  const begins = { amount: BigInt(before?.amount ?? 0), quantity: BigInt(before?.quantity ?? 0) };
  const ends = {
    amount: begins.amount + line.amountNanoUsd,
    quantity: begins.quantity + BigInt(line.quantity?.toFixed(0) ?? 0),
  };
  let after: Date | null = null;
  let through = NEVER;
  const sum = { amount: 0n, quantity: 0n };
  for (const { ingested_at: at, amount, quantity } of stored) {
    sum.amount += BigInt(amount);
    sum.quantity += BigInt(quantity);
    if (reaches(begins, sum)) after = at;
    if (reaches(ends, sum)) through = at;
  }
  return { after: before === undefined ? null : after, through };
}

interface Reached {
  readonly amount: bigint;
  readonly quantity: bigint;
}

/** Whether what is stored up to a moment is within what lines have. Amounts of one kind have one sign. */
function reaches(wanted: Reached, sum: Reached): boolean {
  const size = (value: bigint) => (value < 0n ? -value : value);
  return size(sum.amount) <= size(wanted.amount) && sum.quantity <= wanted.quantity;
}

/** A page of a line's calls in the order of their time, from behind a call on. */
export function lineEvents(tx: Tx, line: DbInvoiceLine, cut: Cut, last: LineEvent | null): Promise<LineEvent[]> {
  const isBehind =
    last === null
      ? sql`true`
      : sql`(item.occurred_at, item.event_id) > (${last.occurred_at}::timestamptz, ${last.event_id}::text)`;
  return tx.$queryRaw<LineEvent[]>(sql`
    SELECT item.event_id, item.occurred_at, coalesce(a.name, item.agent_id, '') AS agent,
      coalesce(k.name || ' (' || k.start || '…)', item.key_id, '') AS key,
      coalesce(r.method || ' ' || r.path_template, item.route_id) AS route, item.model,
      item.quantity::text AS quantity, item.amount::text AS amount
    FROM (${itemsOf(line)}) item
    LEFT JOIN agent a ON a.id = item.agent_id
    LEFT JOIN api_key k ON k.id = item.key_id
    LEFT JOIN route r ON r.id = item.route_id
    WHERE ${isBehind}
      AND ${cut.after === null ? sql`true` : sql`item.ingested_at > ${cut.after}`}
      AND item.ingested_at <= ${cut.through}
    ORDER BY item.occurred_at, item.event_id LIMIT ${EVENTS_MAX}::bigint`);
}

/** The calls of a line's cycle, one row each, with what each adds to such lines: as `uninvoicedUsage` sums them. */
function itemsOf(line: DbInvoiceLine): Sql {
  const { quantity, amount, from, where } = itemParts(line);
  return sql`SELECT e.event_id, e.occurred_at, e.ingested_at, e.agent_id, e.key_id, e.route_id, e.model,
      ${quantity} AS quantity, ${amount} AS amount
    FROM usage_event e ${from}
    WHERE e.provider_id = ${line.providerId} AND e.customer_id = ${line.customerId} AND e.livemode = ${line.livemode}
      AND e.rail = 'plan' AND e.occurred_at >= ${line.startsAt} AND e.occurred_at < ${line.endsAt} AND ${where}`;
}

function itemParts({ kind, planVersionId, rateCardKey, meter, model }: DbInvoiceLine) {
  const none = sql`NULL::numeric`;
  const nothing = sql``;
  const isOfVersion = sql`e.body ->> 'planVersionId' IS NOT DISTINCT FROM ${planVersionId}`;
  if (kind === 'credit') {
    const where = sql`jsonb_path_exists(e.body, '$.charges[*] ? (@.node starts with "credit:")')`;
    return { quantity: none, amount: sql`-e.charged_nano_usd`, from: nothing, where };
  }
  if (kind === 'shortfall') {
    const where = sql`${isOfVersion} AND e.charged_nano_usd <> e.rated_nano_usd`;
    return { quantity: none, amount: sql`e.charged_nano_usd - e.rated_nano_usd`, from: nothing, where };
  }
  if (rateCardKey === null && meter === null) {
    const where = sql`${isOfVersion} AND e.body -> 'lines' IS NULL`;
    return { quantity: none, amount: sql`e.rated_nano_usd`, from: nothing, where };
  }
  const from = sql`CROSS JOIN LATERAL (
      SELECT sum((l ->> 'quantity')::numeric) AS quantity, sum((l ->> 'amountNanoUsd')::numeric) AS amount
      FROM jsonb_array_elements(e.body -> 'lines') l
      WHERE l ->> 'rateCardKey' IS NOT DISTINCT FROM ${rateCardKey} AND l ->> 'meter' IS NOT DISTINCT FROM ${meter}
        AND l ->> 'model' IS NOT DISTINCT FROM ${model}
    ) part`;
  const where = sql`${isOfVersion} AND e.body -> 'lines' IS NOT NULL AND part.amount IS NOT NULL`;
  return { quantity: sql`part.quantity`, amount: sql`part.amount`, from, where };
}
