import { listProviders, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

const DAYS_MAX = 30;
const DAY_MS = 86_400_000;
/** The newest traces of one provider that are kept. */
export const TRACES_OF_PROVIDER_MAX = 100_000;

/**
 * Forgets traces of every provider that are older than its retention, at most 30 days, and the oldest beyond `kept`. For the
 * worker's database role.
 */
export async function purgeTraces(
  ctx: Pick<ServiceContext, 'db' | 'clock'>,
  kept = TRACES_OF_PROVIDER_MAX,
): Promise<{ readonly purged: number }> {
  let purged = 0;
  for (const providerId of await listProviders(ctx.db)) {
    purged += await withTenant(ctx.db, { providerId, customerId: '*' }, async (tx) => {
      const provider = await tx.provider.findFirst({ where: { id: providerId }, select: { retentionDays: true } });
      const days = Math.min(provider?.retentionDays ?? DAYS_MAX, DAYS_MAX);
      const before = new Date(ctx.clock() - days * DAY_MS);
      const old = await tx.callTrace.deleteMany({ where: { providerId, occurredAt: { lt: before } } });
      const [first] = await tx.callTrace.findMany({
        where: { providerId },
        orderBy: [{ occurredAt: 'desc' }, { eventId: 'desc' }],
        skip: kept,
        take: 1,
        select: { occurredAt: true },
      });
      if (first === undefined) return old.count;
      const beyond = await tx.callTrace.deleteMany({ where: { providerId, occurredAt: { lte: first.occurredAt } } });
      return old.count + beyond.count;
    });
  }
  return { purged };
}
