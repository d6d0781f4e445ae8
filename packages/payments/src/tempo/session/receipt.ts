import { mppHeaders, serializeReceipt } from '@tollwright/protocols';
import type { Channel } from '@tollwright/state';
import type { HeaderFields } from '../../rail.ts';

/** What a receipt is for: the challenge that was answered, and how the channel stands. */
export type SessionStanding = {
  readonly challengeId: string;
  readonly channelId: string;
  readonly acceptedAtomic: bigint;
  readonly spentAtomic: bigint;
  /** Of the last act on the chain, if there was one. */
  readonly transaction: string | null;
};

/** The receipt of a session, in its header. */
export function sessionReceipt(standing: SessionStanding, nowMs: number): HeaderFields {
  const { challengeId, channelId, acceptedAtomic, spentAtomic, transaction } = standing;
  const value = serializeReceipt({
    ...{ status: 'success', method: 'tempo', intent: 'session', timestamp: new Date(nowMs).toISOString() },
    ...{ reference: channelId, challengeId, channelId, acceptedCumulative: acceptedAtomic, spent: spentAtomic },
    ...(transaction === null ? {} : { txHash: transaction }),
  });
  return [[mppHeaders.receipt, value]];
}

/** What is accepted of a channel: its highest voucher. */
export function acceptedOf({ voucher, spentAtomic }: Channel): bigint {
  return voucher?.cumulativeAtomic ?? spentAtomic;
}
