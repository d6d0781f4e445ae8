import 'server-only';
import type { Caller } from '../../server/caller.ts';
import { foundOrNull } from '../../server/found.ts';

const MODELS_MAX = 200;

/** What a customer is on, what the running month costs, and what else is on offer. */
export async function billingData(api: Caller) {
  const [subscriptions, home, plans, credits, grants, topUps, agents, invoices, upcoming] = await Promise.all([
    api.subscription.list({ limit: 1 }),
    api.usage.customerHome({}),
    api.plan.visible({}),
    api.credit.balances({}),
    api.credit.list({ limit: 20 }),
    api.topUp.get({}),
    api.agent.list({ limit: 200 }),
    api.invoice.list({ limit: 24 }),
    api.invoice.upcoming({}),
  ]);
  const { from, to } = home;
  return {
    home,
    subscription: subscriptions.items.find(({ status }) => status === 'active'),
    plans: plans.items,
    credits,
    grants: grants.items,
    topUps,
    agents: agents.items,
    invoices: invoices.items,
    upcoming,
    byModel: await api.usage.top({ from, to, groupBy: 'model', rail: 'plan', limit: MODELS_MAX }),
    byRail: await api.usage.top({ from, to, groupBy: 'rail' }),
  };
}

/** Takes the card of a page of Stripe that somebody came back from. What cannot be read now the worker reads soon. */
export async function takeCard(api: Caller, session: string): Promise<void> {
  await foundOrNull(api.topUp.saveCard({ session })).catch(() => null);
}
