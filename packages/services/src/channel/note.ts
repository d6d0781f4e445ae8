import type { ChannelRecord } from '@tollwright/contracts';
import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

/** What became of a channel on its chain. */
export interface ChannelNote {
  readonly settledAtomic?: bigint;
  readonly depositAtomic?: bigint;
  /** Nothing is taken on it any more, and it is about to be closed. */
  readonly isClosing?: true;
  readonly closeRequestedAt?: Date;
  /** That closed it. */
  readonly transaction?: string;
}

/** Writes down what the chain says of a channel. A channel that never paid for anything has no row, and needs none. */
export async function noteChannel(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { providerId, channelKey }: ChannelRecord,
  { settledAtomic, depositAtomic, isClosing, closeRequestedAt, transaction }: ChannelNote,
): Promise<void> {
  await withTenant(db, { providerId, customerId: '*' }, async (tx) => {
    await tx.$queryRaw`SELECT id FROM payment_channel WHERE id = ${channelKey} FOR UPDATE`;
    const row = await tx.paymentChannel.findFirst({ where: { providerId, id: channelKey } });
    if (row === null) return;
    const settled =
      settledAtomic === undefined || settledAtomic < row.settledAtomic ? row.settledAtomic : settledAtomic;
    const waits = row.spentAtomic > settled;
    await tx.paymentChannel.update({
      where: { id: channelKey },
      data: {
        settledAtomic: settled,
        unsettledSince: waits ? (settled > row.settledAtomic ? new Date(clock()) : row.unsettledSince) : null,
        ...(depositAtomic === undefined ? {} : { depositAtomic }),
        ...(isClosing && row.state === 'open' ? { state: 'closing' } : {}),
        ...(closeRequestedAt === undefined ? {} : { closeRequestedAt }),
        ...(transaction === undefined ? {} : { state: 'closed', transactionHash: transaction }),
      },
    });
  });
}
