import 'server-only';
import { TRPCError } from '@trpc/server';
import { notFound } from 'next/navigation';
import type { Caller } from '../../server/caller.ts';
import { storefrontOf } from '../../server/storefront.ts';
import { param, type SearchParams } from '../../usage/address.ts';
import { periodOf } from '../../usage/period.ts';
import { findCall } from '../calls/find-call.ts';
import { exampleTarget } from '../example-target.ts';

const CALLS_SHOWN = 10;

export interface AgentDataWanted {
  readonly agentId: string;
  readonly customerId: string;
  readonly providerSlug: string;
  readonly search: SearchParams;
}

/** Everything that an agent's page shows; a 404 page for an id that is none of this customer's. */
export async function agentData(api: Caller, { agentId, customerId, providerSlug, search }: AgentDataWanted) {
  const agent = await api.agent.get({ agentId }).catch((error: unknown) => {
    if (error instanceof TRPCError && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST')) notFound();
    throw error;
  });
  const { timeZone } = await api.customer.get({ customerId });
  const period = periodOf(search, timeZone, Date.now());
  const { from, to, interval } = period;
  const [home, keys, series, calls, payments, channels, subscriptions, projects, storefront] = await Promise.all([
    api.usage.customerHome({}),
    api.key.list({ agentId, limit: 100 }),
    api.usage.series({ agentId, from, to, interval, timeZone, groupBy: 'model', groupsMax: 7 }),
    api.event.list({ agentId, limit: CALLS_SHOWN }),
    api.payment.list({ agentId, limit: CALLS_SHOWN }),
    api.channel.list({ agentId, limit: CALLS_SHOWN }),
    api.subscription.list({ limit: 1 }),
    api.project.list({ limit: 200 }),
    storefrontOf(providerSlug),
  ]);
  const terms = subscriptions.items.find(({ status }) => status === 'active')?.terms;
  return {
    agent,
    projects: projects.items.map(({ id, name }) => ({ id, name })),
    budgetOf: new Map(home.budgets.map((budget) => [budget.subjectId, budget])),
    keys: keys.items,
    defaultCap: terms?.defaultKeyBudget ?? null,
    target: exampleTarget(storefront, terms),
    period,
    series,
    calls: calls.items,
    payments: payments.items,
    channels: channels.items,
    call: await findCall(api, param(search, 'call'), calls.items),
  };
}
