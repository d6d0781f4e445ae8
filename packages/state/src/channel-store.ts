import type { ChannelRecord, PaymentRecord } from '@tollwright/contracts';
import type { ClaimReply } from './port.ts';

/** What a channel's payer has signed for last. */
export interface SignedVoucher {
  readonly cumulativeAtomic: bigint;
  readonly signature: string;
}

/** A channel as the store counts it, in the smallest unit of what is paid with; each at most CHANNEL_ATOMIC_MAX. */
export interface Channel {
  readonly channelKey: string;
  /** `closing`: nothing is claimed on it any more, and the worker takes it to its chain. */
  readonly state: 'open' | 'closing' | 'closed';
  /** Null while only its claims were restored: its chain has to be read first. */
  readonly record: ChannelRecord | null;
  readonly depositAtomic: bigint;
  /** What its chain has paid out of it. */
  readonly settledAtomic: bigint;
  /** What settled claims have taken. */
  readonly spentAtomic: bigint;
  /** What claims that are under way may take. */
  readonly heldAtomic: bigint;
  /** The highest that was shown; null: none was. */
  readonly voucher: SignedVoucher | null;
  /** That closed it on its chain. */
  readonly transaction: string | null;
}

/** What a channel's chain says of it. */
export interface ChannelOnChain {
  readonly depositAtomic: bigint;
  readonly settledAtomic: bigint;
}

/**
 * Why a voucher pays for nothing. `unknown`: its chain has to be read first. `insufficient`: claims have taken what it allows.
 * `unsettled`: so much of it, and `payer-unsettled`: so much of all channels of its payer, was not settled on a chain yet that
 * no more is lent.
 */
export type ChannelRefusal =
  | 'unknown'
  | 'closed'
  | 'exceeds-deposit'
  | 'insufficient'
  | 'unsettled'
  | 'payer-unsettled';

/** How much may wait for a chain: of one channel, and of all channels of a payer with one provider. */
export interface Lent {
  readonly channelMaxAtomic: bigint;
  readonly payerMaxAtomic: bigint;
}

export type VoucherReply =
  | (ClaimReply & { readonly channel: Channel })
  | { readonly kind: 'refused'; readonly reason: ChannelRefusal; readonly channel: Channel | null };

/**
 * Channels, and what claims take of them. A claim on a channel is one whose key says so (`channelKeyOf`), and whose record's
 * details have the voucher as `cumulative` and `signature`; it is moved and restored as every claim, and its channel with it.
 */
export interface ChannelStore {
  get(channelKey: string): Promise<Channel | null>;
  /** Makes a channel as its chain has it, or raises what grows there. */
  open(record: ChannelRecord, onChain: ChannelOnChain): Promise<Channel>;
  /**
   * As ClaimStore.claim, and in the same step takes the amount of the channel, if no more waits for its chain then than is lent. StateRejected for a record without a voucher.
   */
  claim(
    record: PaymentRecord,
    request: { readonly callId: string; readonly spoolId: string; readonly requestHash: string },
    lent: Lent,
  ): Promise<VoucherReply>;
  /** Begins to close a channel, with the payer's last voucher if one came. Null: it is not known here. */
  close(channelKey: string, voucher: SignedVoucher | null): Promise<Channel | null>;
  /** Channels that close, in the order of their keys, after one; an empty key begins. For the worker. */
  closing(afterChannelKey: string, limit: number): Promise<readonly Channel[]>;
  /** Notes what the chain has paid out, and the transaction that closed the channel. For the worker. */
  settled(channelKey: string, settledAtomic: bigint, transaction: string | null): Promise<Channel | null>;
}
