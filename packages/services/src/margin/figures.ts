import { nanoUsdText, signedNanoUsdText } from '@tollwright/contracts';
import { sql } from '@tollwright/db';
import { z } from 'zod';

/** What calls brought in and what they cost. README.md says what each is. */
export const marginFigures = z.object({
  calls: z.int(),
  /** What was charged for the calls, under a plan or by payments. */
  revenueNanoUsd: nanoUsdText,
  /** Of the calls whose cost is known. */
  costNanoUsd: nanoUsdText,
  /** Revenue of the calls whose cost is known, minus that cost. */
  marginNanoUsd: signedNanoUsdText,
  /** Margin in hundredths of a percent of the revenue it is made of, rounded down; null where there is none. */
  marginBasisPoints: z.int().nullable(),
  /** Calls whose cost is not known, and their revenue, which is in no margin. */
  uncostedCalls: z.int(),
  uncostedRevenueNanoUsd: nanoUsdText,
});
export type MarginFigures = z.output<typeof marginFigures>;

/** The sums as a query answers them. */
export interface MarginRow {
  readonly calls: bigint;
  readonly charged: bigint;
  readonly cost: bigint;
  readonly costed_calls: bigint;
  readonly costed_charged: bigint;
}

/** Select list that sums usage_rollup, aliased `r`, into a MarginRow. */
export const MARGIN_SUMS = sql`
  coalesce(sum(r.calls), 0)::bigint AS calls, coalesce(sum(r.charged_nano_usd), 0)::bigint AS charged,
  coalesce(sum(r.cost_nano_usd), 0)::bigint AS cost, coalesce(sum(r.costed_calls), 0)::bigint AS costed_calls,
  coalesce(sum(r.costed_charged_nano_usd), 0)::bigint AS costed_charged`;

export const NO_MARGIN: MarginRow = { calls: 0n, charged: 0n, cost: 0n, costed_calls: 0n, costed_charged: 0n };

export function addMarginRows(a: MarginRow, b: MarginRow): MarginRow {
  return {
    calls: a.calls + b.calls,
    charged: a.charged + b.charged,
    cost: a.cost + b.cost,
    costed_calls: a.costed_calls + b.costed_calls,
    costed_charged: a.costed_charged + b.costed_charged,
  };
}

export function toMarginFigures(row: MarginRow): MarginFigures {
  const margin = row.costed_charged - row.cost;
  return {
    calls: Number(row.calls),
    revenueNanoUsd: row.charged.toString(),
    costNanoUsd: row.cost.toString(),
    marginNanoUsd: margin.toString(),
    marginBasisPoints: basisPointsOf(margin, row.costed_charged),
    uncostedCalls: Number(row.calls - row.costed_calls),
    uncostedRevenueNanoUsd: (row.charged - row.costed_charged).toString(),
  };
}

/** Rounds down, so that a loss never looks smaller than it is. */
function basisPointsOf(margin: bigint, revenue: bigint): number | null {
  if (revenue === 0n) return null;
  const scaled = margin * 10_000n;
  const down = scaled < 0n && scaled % revenue !== 0n ? scaled / revenue - 1n : scaled / revenue;
  const points = Number(down);
  return Number.isSafeInteger(points) ? points : null;
}
