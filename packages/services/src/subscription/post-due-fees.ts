import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { postSubscriptionFee } from './post-fee.ts';

/** Posts this month's fees of a provider's active subscriptions that were not posted yet. For the worker's rounds. */
export async function postDueFees(ctx: ServiceContext, providerId: string): Promise<{ readonly posted: number }> {
  const at = new Date(ctx.clock());
  return withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
    const subscriptions = await tx.subscription.findMany({ where: { providerId, status: 'active' } });
    let posted = 0;
    for (const subscription of subscriptions) {
      if (await postSubscriptionFee(tx, ctx, subscription, at)) posted += 1;
    }
    return { posted };
  });
}
