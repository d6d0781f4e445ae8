import type { ChannelRecord } from '@tollwright/contracts';
import type { ChannelState } from '@tollwright/protocols';
import type { Channel, ChannelOnChain, SignedVoucher } from '@tollwright/state';
import type { HeaderFields, Payment, PaymentScope } from './rail.ts';

/** A channel as its rail knows it: who sells by it is not the rail's business. */
export type RailChannel = Omit<ChannelRecord, 'providerId' | 'livemode'>;

/**
 * How a channel stands on its chain. `refused` is said when it is certain that the credential opens nothing, `gone` when no
 * voucher of the channel can be settled any more, and all doubt is `unknown`: the same credential may be sent again.
 */
export type ChannelOpening =
  | { readonly kind: 'open'; readonly onChain: ChannelOnChain; readonly transaction: string | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gone'; readonly reason: 'channel-not-found' | 'channel-finalized' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly transaction: string | null };

/** A payment by a voucher of a channel. Its claim takes from the channel, which the store has to know before. */
export interface VoucherUse {
  readonly channel: RailChannel;
  /** Puts the channel on its chain where the credential says so, and reads it there. Never throws. */
  open(): Promise<ChannelOpening>;
  /** The payment after its claim: receipts tell how the channel stands. */
  claimed(channel: Channel): Payment;
}

/** What is done with a channel apart from calls. */
export type ChannelAction = 'open' | 'topUp' | 'voucher' | 'close';

/** A credential that manages a channel, read and not judged. */
export interface ChannelCredential {
  readonly action: ChannelAction;
  /** For whom its challenge says it was made; null for one that is none of ours. */
  readonly scope: Pick<PaymentScope, 'providerId' | 'apiId' | 'routeId'> | null;
  check(nowMs: number): CheckedAction;
}

export type CheckedAction =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'accepted';
      readonly channel: RailChannel;
      /** Null for a top-up. */
      readonly voucher: SignedVoucher | null;
      /** As VoucherUse.open; a top-up is sent too. */
      open(): Promise<ChannelOpening>;
      receipt(channel: Channel, nowMs: number): HeaderFields;
    };

/**
 * How an act on a channel's chain ended. `done` without a transaction: it was done before. `ended`: the channel is gone.
 * `unavailable`: whether it was done is not known, and it may be tried again.
 */
export type ChannelAct =
  | { readonly kind: 'done'; readonly settledAtomic: bigint; readonly transaction: string | null }
  | { readonly kind: 'ended' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What the worker does with a rail's channels on their chain. */
export interface ChannelDesk {
  /** Throws when the node cannot say. */
  read(channel: ChannelRecord): Promise<ChannelState>;
  /** Takes all that a voucher signs. Never throws. */
  settle(channel: ChannelRecord, voucher: SignedVoucher): Promise<ChannelAct>;
  /** Ends a channel: takes `captureAtomic` by a voucher that signs as much at least; its payer gets the rest. Never throws. */
  close(channel: ChannelRecord, voucher: SignedVoucher | null, captureAtomic: bigint): Promise<ChannelAct>;
}
