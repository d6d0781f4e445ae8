import 'server-only';
import type { Caller } from '../server/caller.ts';
import { param, type SearchParams } from '../usage/address.ts';
import { traceFilters } from './log-filters.ts';

const DAYS_30_MS = 30 * 86_400_000;
const CALLS_SHOWN = 50;

/** One page of traced calls, and whether the place has any at all. */
export async function logData(api: Caller, search: SearchParams, nowMs: number) {
  const cursor = param(search, 'cursor');
  return api.trace.list({
    ...traceFilters(search, nowMs),
    limit: CALLS_SHOWN,
    ...(cursor ? { cursor } : {}),
  });
}

/** What a filter offers: the busiest of the last 30 days first, and what the address names. */
export async function namedOptions(
  api: Caller,
  search: SearchParams,
  groupBy: 'customer' | 'agent' | 'route' | 'api' | 'key',
  nowMs: number,
) {
  const from = new Date(nowMs - DAYS_30_MS).toISOString();
  const { groups } = await api.usage.top({ from, groupBy, orderBy: 'calls', limit: 100 });
  const found = groups.filter(({ key }) => key !== '').map(({ key, label }) => ({ value: key, label }));
  return withChosen(found, param(search, groupBy));
}

/** Adds what the address names if it is not on offer. */
export function withChosen<Option extends { readonly value: string; readonly label: string }>(
  options: readonly Option[],
  chosen: string | undefined,
  label = chosen,
): readonly { readonly value: string; readonly label: string }[] {
  if (chosen === undefined || options.some(({ value }) => value === chosen)) return options;
  return [{ value: chosen, label: label ?? chosen }, ...options];
}
