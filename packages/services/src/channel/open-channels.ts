import { listProvidersWith, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { type OpenChannel, toOpenChannel } from './channel.ts';

const PER_PROVIDER_MAX = 200;

/** Channels that are not closed, of every provider those that were looked at least lately; they are looked at now. */
export async function lookAtChannels({
  db,
  clock,
}: Pick<ServiceContext, 'db' | 'clock'>): Promise<readonly OpenChannel[]> {
  const open: OpenChannel[] = [];
  for (const providerId of await listProvidersWith(db, 'channels')) {
    open.push(
      ...(await withTenant(db, { providerId, customerId: '*' }, async (tx) => {
        const rows = await tx.paymentChannel.findMany({
          where: { providerId, state: { not: 'closed' } },
          orderBy: { lookedAt: 'asc' },
          take: PER_PROVIDER_MAX,
        });
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0) {
          await tx.paymentChannel.updateMany({ where: { id: { in: ids } }, data: { lookedAt: new Date(clock()) } });
        }
        return rows.map(toOpenChannel);
      })),
    );
  }
  return open;
}
