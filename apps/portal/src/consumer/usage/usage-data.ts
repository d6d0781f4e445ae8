import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { choice, param, type SearchParams } from '../../usage/address.ts';
import { MEASURES } from '../../usage/measure.ts';
import { periodOf } from '../../usage/period.ts';
import { findCall } from '../calls/find-call.ts';

/** How usage may be grouped; the first is the default. */
export const GROUPS = ['agent', 'model', 'route'] as const;
export type GroupName = (typeof GROUPS)[number];

/** As many as can still be scrolled through as cards on a phone. */
const CALLS_SHOWN = 25;
const DAYS_30_MS = 30 * 86_400_000;

/** The filters that the address names, as procedures take them. */
export function usageFilters(search: SearchParams) {
  const named = {
    agentId: param(search, 'agent'),
    model: param(search, 'model'),
    routeId: param(search, 'route'),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as {
    readonly [Name in keyof typeof named]?: string;
  };
}

/** Totals over time and by group, for the chart and the table below it. */
export async function usageData(api: Caller, customerId: string, search: SearchParams) {
  const { timeZone } = await api.customer.get({ customerId });
  const period = periodOf(search, timeZone, Date.now());
  const { from, to, interval } = period;
  const measure = choice(search, 'measure', MEASURES);
  const groupBy = choice(search, 'by', GROUPS);
  const filters = usageFilters(search);
  const [series, top] = await Promise.all([
    api.usage.series({ ...filters, from, to, interval, timeZone, groupBy, groupsMax: 7 }),
    api.usage.top({ ...filters, from, to, groupBy, orderBy: measure, limit: 200 }),
  ]);
  return { period, measure, groupBy, series, top };
}

/** What the filters offer: names with their ids, the busiest of the last 30 days first, and what the address names. */
export async function filterOptions(api: Caller, search: SearchParams, nowMs: number) {
  const from = new Date(nowMs - DAYS_30_MS).toISOString();
  const options = async (groupBy: GroupName) => {
    const { groups } = await api.usage.top({ from, groupBy, orderBy: 'calls', limit: 200 });
    const found = groups.filter(({ key }) => key !== '').map(({ key, label }) => ({ value: key, label }));
    const chosen = param(search, groupBy);
    if (chosen === undefined || found.some(({ value }) => value === chosen)) return found;
    return [{ value: chosen, label: await nameOf(api, groupBy, chosen) }, ...found];
  };
  const [agents, models, routes] = await Promise.all([options('agent'), options('model'), options('route')]);
  return { agents, models, routes };
}

/** What is chosen but was not busy lately: an agent has its name, the rest what the address says. */
async function nameOf(api: Caller, groupBy: GroupName, key: string): Promise<string> {
  if (groupBy !== 'agent') return key;
  return api.agent.get({ agentId: key }).then(
    ({ name }) => name,
    () => key,
  );
}

/** Calls one by one, newest first, and the one whose sheet is open. */
export async function callsData(api: Caller, search: SearchParams) {
  const cursor = param(search, 'cursor');
  const status = param(search, 'status');
  const page = await api.event.list({
    ...usageFilters(search),
    limit: CALLS_SHOWN,
    ...(cursor ? { cursor } : {}),
    ...(status === 'ok' || status === 'error' ? { status } : {}),
  });
  return { ...page, call: await findCall(api, param(search, 'call'), page.items) };
}
