import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { choice, param, type SearchParams } from '../../usage/address.ts';
import { MEASURES } from '../../usage/measure.ts';
import { periodOf } from '../../usage/period.ts';

export const GROUPS = ['model', 'route', 'customer', 'agent', 'api'] as const;
export type GroupName = (typeof GROUPS)[number];

/** The filters that the address names, as procedures take them. */
export function usageFilters(search: SearchParams) {
  const named = {
    customerId: param(search, 'customer'),
    agentId: param(search, 'agent'),
    routeId: param(search, 'route'),
    model: param(search, 'model'),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof typeof named]?: string;
  };
}

/** Totals over time and by group, for the chart and the table below it. */
export async function usageData(api: Caller, search: SearchParams) {
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const { from, to, interval } = period;
  const measure = choice(search, 'measure', MEASURES);
  const groupBy = choice(search, 'by', GROUPS);
  const filters = usageFilters(search);
  const orderBy = measure;
  const [series, top] = await Promise.all([
    api.usage.series({ ...filters, from, to, interval, timeZone, groupBy, groupsMax: 7 }),
    api.usage.top({ ...filters, from, to, groupBy, orderBy, limit: 200 }),
  ]);
  return { period, measure, groupBy, series, top };
}

/** What the filters offer: names with their ids, the largest of the last 30 days first. */
export async function filterOptions(api: Caller, nowMs: number) {
  const from = new Date(nowMs - 30 * 86_400_000).toISOString();
  const options = async (groupBy: 'customer' | 'route' | 'model') => {
    const { groups } = await api.usage.top({ from, groupBy, orderBy: 'calls', limit: 100 });
    return groups.filter(({ key }) => key !== '').map(({ key, label }) => ({ value: key, label }));
  };
  const [customers, routes, models] = await Promise.all([options('customer'), options('route'), options('model')]);
  return { customers, routes, models };
}

/** Calls one by one, newest first, and the one whose sheet is open. */
export async function callsData(api: Caller, search: SearchParams) {
  const cursor = param(search, 'cursor');
  const status = param(search, 'status');
  return api.event.list({
    ...usageFilters(search),
    ...(cursor ? { cursor } : {}),
    ...(status === 'ok' || status === 'error' ? { status } : {}),
  });
}
