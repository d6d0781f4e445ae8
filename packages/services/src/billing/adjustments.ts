import {
  type Adjustment,
  adjustmentsOf,
  type CardUse,
  type Cycle,
  isAdjusted,
  type VersionUse,
} from '@tollwright/core';
import { fromDbPlanTerms, sql, type Tx } from '@tollwright/db';
import type { Billed } from './cycle.ts';
import { staysIn } from './stays.ts';
import type { DraftLine } from './usage-lines.ts';

const KINDS = ['rerating', 'discount', 'minimum'] as const satisfies readonly Adjustment['kind'][];

/** What the close of a cycle adds to its calls (`adjustmentsOf`), less what invoices have of it. */
export async function uninvoicedAdjustments(
  tx: Tx,
  billed: Billed,
  livemode: boolean,
  cycle: Cycle,
): Promise<DraftLine[]> {
  const versions = await versionsIn(tx, billed, livemode, cycle);
  const startsAt = new Date(cycle.startsAtMs);
  const endsAt = new Date(cycle.endsAtMs);
  const rest = new Map<string, DraftLine>();
  for (const { kind, planVersionId, rateCardKey, meter, amountNanoUsd } of adjustmentsOf(versions)) {
    const line = { kind, planVersionId, rateCardKey, meter, model: null, quantity: null, amountNanoUsd };
    rest.set(`${kind} ${planVersionId} ${rateCardKey}`, { ...line, startsAt, endsAt });
  }
  const invoiced = await tx.invoiceLine.findMany({
    where: { ...billed, livemode, startsAt, kind: { in: [...KINDS] } },
  });
  for (const { kind: text, planVersionId, rateCardKey, meter, amountNanoUsd } of invoiced) {
    const kind = KINDS.find((one) => one === text);
    if (kind === undefined) continue;
    const key = `${kind} ${planVersionId} ${rateCardKey}`;
    const blank = { kind, planVersionId, rateCardKey, meter, model: null, quantity: null, startsAt, endsAt };
    const line = rest.get(key) ?? { ...blank, amountNanoUsd: 0n };
    rest.set(key, { ...line, amountNanoUsd: line.amountNanoUsd - amountNanoUsd });
  }
  return [...rest.values()].filter(({ amountNanoUsd }) => amountNanoUsd !== 0n);
}

/**
 * Lines of an invoice that no longer ask for less than nothing: what would be given back beyond that waits for a later invoice. So it is where
 * calls that come late make a volume cheaper that was invoiced.
 */
export function neverBelowNothing(lines: readonly DraftLine[]): DraftLine[] {
  let below = -lines.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0n);
  const kept: DraftLine[] = [];
  for (const line of lines.toReversed()) {
    const given = KINDS.some((kind) => kind === line.kind) && line.amountNanoUsd < 0n ? -line.amountNanoUsd : 0n;
    const taken = below <= 0n ? 0n : given < below ? given : below;
    below -= taken;
    if (taken === 0n || taken < given) kept.unshift({ ...line, amountNanoUsd: line.amountNanoUsd + taken });
  }
  return kept;
}

async function versionsIn(tx: Tx, billed: Billed, livemode: boolean, cycle: Cycle): Promise<VersionUse[]> {
  const stays = await staysIn(tx, billed, cycle);
  const ids = stays.map(({ planVersionId }) => planVersionId);
  const rows = await tx.planVersion.findMany({ where: { id: { in: ids } } });
  const terms = new Map(rows.map((row) => [row.id, fromDbPlanTerms(row.terms)]));
  if (![...terms.values()].some(isAdjusted)) return [];
  const used = await usedIn(tx, billed, livemode, cycle);
  return stays.flatMap(({ planVersionId, share, livemode: isLive }) => {
    const found = terms.get(planVersionId);
    if (found === undefined) return [];
    const { rateCards, prepaid, minimumNanoUsd } = found;
    // Calls of the other mode are priced alike, but nobody has promised any.
    const agreed = { rateCards, prepaid, minimumNanoUsd: isLive === livemode ? minimumNanoUsd : undefined };
    const { cards, chargedNanoUsd } = used.get(planVersionId) ?? { cards: [], chargedNanoUsd: 0n };
    return [{ planVersionId, terms: agreed, share, cards, chargedNanoUsd }];
  });
}

interface Used {
  readonly plan_version_id: string | null;
  /** Null: all calls of the version. */
  readonly rate_card_key: string | null;
  readonly units: string;
  readonly calls: bigint;
  readonly amount: string;
}

type VersionCalls = { readonly cards: CardUse[]; chargedNanoUsd: bigint };

/** What calls of a cycle were rated for each rate card and charged, by plan version. */
async function usedIn(tx: Tx, billed: Billed, livemode: boolean, cycle: Cycle): Promise<Map<string, VersionCalls>> {
  const rows = await tx.$queryRaw<Used[]>(sql`
    WITH called AS (
      SELECT e.body ->> 'planVersionId' AS plan_version_id, e.body -> 'lines' AS lines, e.charged_nano_usd
      FROM usage_event e
      WHERE e.provider_id = ${billed.providerId} AND e.customer_id = ${billed.customerId} AND e.livemode = ${livemode}
        AND e.rail = 'plan' AND e.occurred_at >= ${new Date(cycle.startsAtMs)} AND e.occurred_at < ${new Date(cycle.endsAtMs)}
    )
    SELECT plan_version_id, l ->> 'rateCardKey' AS rate_card_key, sum((l ->> 'quantity')::numeric)::text AS units,
      count(*) AS calls, sum((l ->> 'amountNanoUsd')::numeric)::text AS amount
    FROM called CROSS JOIN LATERAL jsonb_array_elements(lines) l WHERE lines IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT plan_version_id, NULL, '0', count(*), sum(charged_nano_usd)::text FROM called GROUP BY 1`);
  const used = new Map<string, VersionCalls>();
  for (const { plan_version_id, rate_card_key: rateCardKey, units, calls, amount } of rows) {
    const version: VersionCalls = used.get(plan_version_id ?? '') ?? { cards: [], chargedNanoUsd: 0n };
    used.set(plan_version_id ?? '', version);
    if (rateCardKey === null) version.chargedNanoUsd = BigInt(amount);
    else version.cards.push({ rateCardKey, units: BigInt(units), calls, amountNanoUsd: BigInt(amount) });
  }
  return used;
}
