import type { PaymentRail, Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { ChallengeFields, JsonObject, MppKeyRing } from '@tollwright/protocols';
import type { Channel } from '@tollwright/state';
import type { ChannelCredential, VoucherUse } from '../channel.ts';
import type {
  Checked,
  CheckTerms,
  HeaderFields,
  Offer,
  PaymentFacts,
  PriceAmounts,
  Quoted,
  RailCapabilities,
  RequestHeaders,
  Settlement,
  SettleOrder,
  Verification,
} from '../rail.ts';

/** What the challenges of all methods share. `realm` is the gateway's public host. */
export type MppIssuer = { readonly realm: string; readonly keyRing: MppKeyRing };

/** How long a challenge stands, in seconds. */
export const challengeSeconds = 300;

/** A challenge that we made for this call and that still stands, with the proof that came for it. */
export type AnsweredChallenge<O extends Offer = Offer> = {
  readonly challenge: ChallengeFields;
  readonly request: JsonObject;
  /** What `memoOf` said of the offer. */
  readonly memo: Readonly<Record<string, string>>;
  /** What was asked, as the challenge says: later prices change nothing. */
  readonly priceNanoUsd: NanoUsd;
  readonly expiresAtMs: number;
  /** Claimed by the client, not proven. */
  readonly source: string | null;
  readonly payload: JsonObject;
  /** The call, and the offers of this method that stand. */
  readonly call: CheckTerms<O>;
};

/** What one method of the Machine Payments Protocol adds to its common parts. `name` is the method's. */
export interface MppMethod<O extends Offer, P extends PaymentFacts> {
  readonly name: PaymentRail;
  readonly intent: 'charge' | 'session';
  readonly capabilities: RailCapabilities;
  quote(wallets: readonly Wallet[], priceNanoUsd: NanoUsd, amounts: PriceAmounts): Quoted<O>;
  /** The `request` of a challenge for an offer. */
  requestOf(offer: O, channel?: Channel): JsonObject;
  /** What the check will need to know of an offer and `request` does not say. Bound by the challenge, and sent with it. */
  memoOf(offer: O): Readonly<Record<string, string>>;
  /** Judges the proof, by what the challenge asked. Refuses with a slug of MPP's problems or a code of the method. */
  check(answered: AnsweredChallenge<O>): Checked<P>;
  verify(payment: P): Promise<Verification>;
  settle(payment: P, order: Required<SettleOrder>): Promise<Settlement>;
  /** Where the method's receipts say more than those of a charge. */
  receipt?(payment: P, settlement: Settlement, nowMs: number): HeaderFields;
  voucher?(payment: P): Pick<VoucherUse, 'channel' | 'open'>;
  manage?(headers: RequestHeaders): ChannelCredential | null;
}
