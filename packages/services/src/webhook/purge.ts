import { listProviders, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

const KEPT_MS = 30 * 86_400_000;

/** Forgets deliveries that ended and are older than 30 days, with their attempts. For the worker's database role. */
export async function purgeWebhooks(ctx: Pick<ServiceContext, 'db' | 'clock'>): Promise<{ readonly purged: number }> {
  const before = new Date(ctx.clock() - KEPT_MS);
  let purged = 0;
  for (const providerId of await listProviders(ctx.db)) {
    const { count } = await withTenant(ctx.db, { providerId, customerId: '*' }, (tx) =>
      tx.webhookDelivery.deleteMany({ where: { providerId, createdAt: { lt: before }, state: { not: 'pending' } } }),
    );
    purged += count;
  }
  return { purged };
}
