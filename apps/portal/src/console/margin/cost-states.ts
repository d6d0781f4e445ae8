import type { CostTable } from '../outputs.ts';

export type CostState = 'in force' | 'from then on' | 'past';

/** The value of a table's scope: `''`, `<api>` or `<api> <route>`. */
export function scopeOf({ apiId, routeId }: Pick<CostTable, 'apiId' | 'routeId'>): string {
  return [apiId, routeId].filter((id) => id !== null).join(' ');
}

/** How each table stands: in its scope the last that began is in force. */
export function costStates(
  tables: readonly Pick<CostTable, 'id' | 'apiId' | 'routeId' | 'effectiveFrom'>[],
  nowMs: number,
): ReadonlyMap<string, CostState> {
  const latestFirst = [...tables].sort(
    (a, b) => Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom) || (a.id < b.id ? 1 : -1),
  );
  const covered = new Set<string>();
  const states = new Map<string, CostState>();
  for (const table of latestFirst) {
    const scope = scopeOf(table);
    if (Date.parse(table.effectiveFrom) > nowMs) states.set(table.id, 'from then on');
    else if (covered.has(scope)) states.set(table.id, 'past');
    else {
      states.set(table.id, 'in force');
      covered.add(scope);
    }
  }
  return states;
}
