import type { Adjustment, Cycle } from '@tollwright/core';
import { sql, type Tx } from '@tollwright/db';
import type { Billed } from './cycle.ts';

/** A line of an invoice before it has a place on one. */
export interface DraftLine {
  readonly kind: 'fee' | 'usage' | 'shortfall' | 'credit' | Adjustment['kind'] | 'rounding' | 'tax';
  readonly planVersionId: string | null;
  readonly rateCardKey: string | null;
  readonly meter: string | null;
  readonly model: string | null;
  /** Units of the meter. */
  readonly quantity: bigint | null;
  readonly amountNanoUsd: bigint;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** Of what nothing in the plan's price list tells the name. */
  readonly description?: string;
  /** Of a tax. */
  readonly taxPercent?: string;
}

interface Grouped {
  readonly kind: DraftLine['kind'];
  readonly plan_version_id: string | null;
  readonly rate_card_key: string | null;
  readonly meter: string | null;
  readonly model: string | null;
  readonly quantity: string | null;
  readonly amount: string;
}

/**
 * What was used in a cycle and is on no invoice: per rate card and model, less what was beyond the holds of calls (shortfall) and
 * what prepaid credit paid for. Their sum is what the ledger says that the customer owes for these calls, less what was invoiced.
 */
export async function uninvoicedUsage(tx: Tx, billed: Billed, livemode: boolean, cycle: Cycle): Promise<DraftLine[]> {
  const { providerId, customerId } = billed;
  const startsAt = new Date(cycle.startsAtMs);
  const endsAt = new Date(cycle.endsAtMs);
  const rows = await tx.$queryRaw<Grouped[]>(sql`
    WITH called AS (
      SELECT e.event_id, e.body ->> 'planVersionId' AS plan_version_id, e.body -> 'lines' AS lines,
        e.charged_nano_usd, e.rated_nano_usd,
        jsonb_path_exists(e.body, '$.charges[*] ? (@.node starts with "credit:")') AS is_prepaid
      FROM usage_event e
      WHERE e.provider_id = ${providerId} AND e.customer_id = ${customerId} AND e.livemode = ${livemode} AND e.rail = 'plan'
        AND e.occurred_at >= ${startsAt} AND e.occurred_at < ${endsAt}
    ), used AS (
      SELECT 'usage' AS kind, c.plan_version_id, l ->> 'rateCardKey' AS rate_card_key, l ->> 'meter' AS meter,
        l ->> 'model' AS model, sum((l ->> 'quantity')::numeric) AS quantity, sum((l ->> 'amountNanoUsd')::numeric) AS amount
      FROM called c CROSS JOIN LATERAL jsonb_array_elements(c.lines) l WHERE c.lines IS NOT NULL GROUP BY 2, 3, 4, 5
      UNION ALL
      SELECT 'usage', c.plan_version_id, NULL, NULL, NULL, NULL, sum(c.rated_nano_usd)
      FROM called c WHERE c.lines IS NULL GROUP BY 2
      UNION ALL
      SELECT 'shortfall', c.plan_version_id, NULL, NULL, NULL, NULL, sum(c.charged_nano_usd - c.rated_nano_usd)
      FROM called c GROUP BY 2
      UNION ALL
      SELECT 'credit', NULL, NULL, NULL, NULL, NULL, -sum(c.charged_nano_usd) FROM called c WHERE c.is_prepaid
      UNION ALL
      SELECT l.kind, l.plan_version_id, l.rate_card_key, l.meter, l.model, -l.quantity, -l.amount_nano_usd
      FROM invoice_line l
      WHERE l.provider_id = ${providerId} AND l.customer_id = ${customerId} AND l.livemode = ${livemode}
        AND l.kind IN ('usage', 'shortfall', 'credit') AND l.starts_at = ${startsAt}
    )
    SELECT kind, plan_version_id, rate_card_key, meter, model, sum(quantity)::text AS quantity, sum(amount)::text AS amount
    FROM used GROUP BY 1, 2, 3, 4, 5
    HAVING sum(amount) <> 0 OR sum(quantity) <> 0
    ORDER BY array_position(ARRAY['usage', 'shortfall', 'credit'], kind), 2, 3 NULLS LAST, 4, 5`);
  return rows.map((row) => ({
    kind: row.kind,
    planVersionId: row.plan_version_id,
    ...{ rateCardKey: row.rate_card_key, meter: row.meter, model: row.model, startsAt, endsAt },
    quantity: row.quantity === null ? null : BigInt(row.quantity),
    amountNanoUsd: BigInt(row.amount),
  }));
}
