import 'server-only';
import type { Caller } from '../../server/caller.ts';

const MODELS_MAX = 200;

/** What a customer is on, what the running month costs, and what else is on offer. */
export async function billingData(api: Caller) {
  const [subscriptions, home, plans] = await Promise.all([
    api.subscription.list({ limit: 1 }),
    api.usage.customerHome({}),
    api.plan.visible({}),
  ]);
  const { from, to } = home;
  return {
    home,
    subscription: subscriptions.items.find(({ status }) => status === 'active'),
    plans: plans.items,
    byModel: await api.usage.top({ from, to, groupBy: 'model', limit: MODELS_MAX }),
  };
}
