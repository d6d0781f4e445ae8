import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { choice, type SearchParams } from '../../usage/address.ts';
import { periodOf } from '../../usage/period.ts';
import { setupSteps } from './setup.ts';

export const CHARTS = ['revenue', 'calls', 'tokens'] as const;
export const GROUPS = ['route', 'model', 'customer'] as const;

/** Everything that the first page shows, read at once. */
export async function homeData(api: Caller, search: SearchParams) {
  const { timeZone } = await api.provider.get({});
  const period = periodOf(search, timeZone, Date.now());
  const { from, to, interval } = period;
  const chart = choice(search, 'chart', CHARTS);
  const groupBy = choice(search, 'by', GROUPS);
  const [home, series, customers, agents, payments, apis, meters, plans, calls, incidents] = await Promise.all([
    api.usage.providerHome({ from, to, interval, timeZone }),
    chart === 'revenue' ? null : api.usage.series({ from, to, interval, timeZone, groupBy, groupsMax: 7 }),
    api.usage.top({ from, to, groupBy: 'customer', limit: 6 }),
    api.usage.top({ from, to, groupBy: 'agent', limit: 6 }),
    api.payment.list({ limit: 6 }),
    api.api.list({ limit: 1 }),
    api.meter.list({ limit: 1 }),
    api.plan.list({ limit: 200 }),
    api.event.list({ limit: 1 }),
    api.incident.list({ limit: 6, state: 'open' }),
  ]);
  const published = plans.items.filter((plan) => plan.versions.some((version) => version.status === 'published'));
  const steps = setupSteps({
    apis: apis.items.length,
    meters: meters.items.length,
    publishedPlans: published.length,
    calls: calls.items.length,
  });
  const lists = { payments: payments.items, incidents: incidents.items };
  return { period, chart, groupBy, home, series, customers, agents, steps, ...lists };
}
