import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { storefrontOf } from '../../server/storefront.ts';
import { choice, param, type SearchParams } from '../../usage/address.ts';
import { periodOf } from '../../usage/period.ts';
import { findCall } from '../calls/find-call.ts';
import { exampleTarget } from '../example-target.ts';
import { setupSteps } from './setup.ts';
import { SPENDING_GROUPS } from './spending.tsx';

const CALLS_SHOWN = 8;
const NOTICES_SHOWN = 5;

/** Everything that the home page shows, asked for at once. */
export async function homeData(api: Caller, customerId: string, providerSlug: string, search: SearchParams) {
  const by = choice(search, 'by', SPENDING_GROUPS);
  const { timeZone } = await api.customer.get({ customerId });
  const period = periodOf({}, timeZone, Date.now());
  const { from, to, interval } = period;
  const [home, series, calls, notices, subscriptions, keys, agents, storefront, topUps] = await Promise.all([
    api.usage.customerHome({}),
    api.usage.series({ from, to, interval, timeZone, groupBy: by, groupsMax: 7 }),
    api.event.list({ limit: CALLS_SHOWN }),
    api.notice.list({ limit: NOTICES_SHOWN }),
    api.subscription.list({ limit: 1 }),
    api.key.list({ limit: 1 }),
    api.agent.list({ limit: 1 }),
    storefrontOf(providerSlug),
    api.topUp.get({}),
  ]);
  const subscription = subscriptions.items.find(({ status }) => status === 'active');
  const steps = setupSteps({
    hasPlan: subscription !== undefined,
    agents: home.agents,
    hasKey: keys.items.length > 0,
    hasCalled: calls.items.length > 0,
  });
  return {
    home,
    spending: { by, series, period },
    topUps,
    calls: calls.items,
    notices: notices.items,
    call: await findCall(api, param(search, 'call'), calls.items),
    subscription,
    steps,
    firstAgent: agents.items[0],
    target: exampleTarget(storefront, subscription?.terms),
  };
}
