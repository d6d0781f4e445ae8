import { type ChannelRecord, channelRecord } from '@tollwright/contracts';
import type { DbPaymentChannel } from '@tollwright/db';

/** A channel that is not closed, as the worker looks after it. Amounts are in the asset's smallest unit. */
export interface OpenChannel {
  readonly record: ChannelRecord;
  /** Somebody has asked for its end. */
  readonly isClosing: boolean;
  /** Null until its chain was read. */
  readonly depositAtomic: bigint | null;
  readonly spentAtomic: bigint;
  readonly settledAtomic: bigint;
  readonly unsettledNanoUsd: bigint;
  /** Since when something waits to be settled; null: nothing does. */
  readonly unsettledSince: Date | null;
  /** The highest voucher that signs no more than was spent. */
  readonly due: { readonly cumulativeAtomic: bigint; readonly signature: string } | null;
  readonly closeRequestedAt: Date | null;
  readonly usedAt: Date;
}

export function toOpenChannel(row: DbPaymentChannel): OpenChannel {
  const { id, rail, providerId, livemode, network, asset, payer, payTo, details } = row;
  const { spentAtomic, settledAtomic, unsettledSince, closeRequestedAt, usedAt, dueAtomic, dueSignature } = row;
  return {
    record: channelRecord.parse({
      ...{ channelKey: id, rail, providerId, livemode, network, asset, payer, payTo, details },
    }),
    ...{ isClosing: row.state === 'closing', depositAtomic: row.depositAtomic },
    ...{ spentAtomic, settledAtomic, unsettledSince, closeRequestedAt, usedAt },
    unsettledNanoUsd: (spentAtomic - settledAtomic) * row.nanoUsdPerAtomic,
    due: dueAtomic === null || dueSignature === null ? null : { cumulativeAtomic: dueAtomic, signature: dueSignature },
  };
}
