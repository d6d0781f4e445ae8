import type { UsageEvent } from '@tollwright/contracts';
import { type CallCosts, callCostsOf, callTokensOf, costOfCall, type NanoUsd } from '@tollwright/core';
import { type DbCostTable, sql, type Tx } from '@tollwright/db';
import { fromDbCosts } from './cost-table.ts';

/** What a call costs its provider; null where that is not known. */
export type CostOf = (event: Pick<UsageEvent, 'apiId' | 'routeId' | 'occurredAt' | 'data'>) => NanoUsd | null;

interface Version {
  readonly fromMs: number;
  readonly costs: CallCosts;
}

type Row = Pick<DbCostTable, 'apiId' | 'routeId' | 'effectiveFrom' | 'callUsd' | 'models'>;

/** Reads the cost tables that were in force when these calls were made. The provider is the transaction's. */
export async function costsInForce(tx: Tx, events: readonly Pick<UsageEvent, 'occurredAt'>[]): Promise<CostOf> {
  const [first, last] = spanOf(events);
  if (first === undefined || last === undefined) return () => null;
  const rows = await tx.$queryRaw<Row[]>(sql`
    SELECT t.api_id AS "apiId", t.route_id AS "routeId", t.effective_from AS "effectiveFrom", t.call_usd AS "callUsd", t.models
    FROM cost_table t
    WHERE t.provider_id = app_provider_id() AND t.effective_from <= ${last}::timestamptz AND NOT EXISTS (
      SELECT 1 FROM cost_table later
      WHERE later.provider_id = t.provider_id AND later.effective_from <= ${first}::timestamptz
        AND later.api_id IS NOT DISTINCT FROM t.api_id AND later.route_id IS NOT DISTINCT FROM t.route_id
        AND (later.effective_from, later.id) > (t.effective_from, t.id))
    ORDER BY t.effective_from DESC, t.id DESC`);
  return costOfCalls(rows);
}

/** Prices calls by tables, newest first, of which the nearest that was in force says most. */
export function costOfCalls(rows: readonly Row[]): CostOf {
  const scopes = new Map<string, Version[]>();
  for (const row of rows) {
    const versions = scopes.get(scopeOf(row.apiId, row.routeId)) ?? [];
    versions.push({ fromMs: row.effectiveFrom.getTime(), costs: callCostsOf(fromDbCosts(row)) });
    scopes.set(scopeOf(row.apiId, row.routeId), versions);
  }
  return ({ apiId, routeId, occurredAt, data }) => {
    if (scopes.size === 0) return null;
    const atMs = Date.parse(occurredAt);
    const tables = [scopeOf(apiId, routeId), scopeOf(apiId, null), scopeOf(null, null)].flatMap(
      (scope) => scopes.get(scope)?.find(({ fromMs }) => fromMs <= atMs)?.costs ?? [],
    );
    return costOfCall(tables, callTokensOf(data));
  };
}

function scopeOf(apiId: string | null, routeId: string | null): string {
  return `${apiId ?? ''} ${routeId ?? ''}`;
}

function spanOf(events: readonly Pick<UsageEvent, 'occurredAt'>[]): readonly (string | undefined)[] {
  const moments = events.map(({ occurredAt }) => new Date(occurredAt).toISOString()).sort();
  return [moments[0], moments.at(-1)];
}
