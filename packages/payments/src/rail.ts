import type {
  PaymentRail,
  PaymentRecord,
  PaymentScheme,
  PaymentTax,
  RequestSchema,
  Wallet,
} from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { SignInChallenge } from '@tollwright/protocols';
import type { Channel } from '@tollwright/state';
import type { ChannelCredential, ChannelDesk, VoucherUse } from './channel.ts';

/** Request headers as Node gives them: lower-cased names. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers of an answer, in order; a name may occur more than once. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/** What a rail can do, so that the pipeline need not know which one it has: each is read where it matters, and nothing else is. */
export type RailCapabilities = {
  /** `variable`: a ceiling is authorized, and what was used is taken. What it cannot take is left out of a 402. */
  readonly amounts: readonly ('fixed' | 'variable')[];
  /** Least price that it takes, > 0; null: only the unit of what is paid with sets a bound. Lower ones are left out of a 402. */
  readonly minimumNanoUsd: NanoUsd | null;
  /** Whether its challenges are made for one body, so that the body has to be read before they are. */
  readonly bindsBody: boolean;
  /** Whether its payments name their payer, so that a price may be one payer's own. */
  readonly namesPayer: boolean;
  /** CAIP-2 namespaces of chains, or the name of a processor. It is asked about accounts there alone. */
  readonly networks: readonly string[];
  /** What accounts are paid in, in lower case; a token of dollars is `usd`. It is asked about such accounts alone. */
  readonly currencies: readonly string[];
  /** When money may be taken: after the answer is known, or before the call is forwarded. */
  readonly settles: readonly ('after' | 'before')[];
  /** Whether one authorization may pay for many calls, which are then counted by its channel and by no day of its payer. */
  readonly session: boolean;
};

/** A price under one receiving account, in what is paid with there. Every rail's offers have at least this. */
export interface Offer {
  readonly rail: PaymentRail;
  readonly scheme: PaymentScheme;
  /** CAIP-2, or the name of a processor. */
  readonly network: string;
  /** A token's contract, or a currency in lower case. */
  readonly asset: string;
  readonly payTo: string;
  /** In the smallest unit of `asset`, of which 10^`decimals` are a dollar; > 0. A variable amount's is its ceiling, as is its price. */
  readonly amountAtomic: bigint;
  readonly decimals: number;
  readonly priceNanoUsd: NanoUsd;
  /** What the smallest unit added to the price, >= 0. */
  readonly roundingNanoUsd: NanoUsd;
  /** The amount is a ceiling, and what was used is taken. Left out: all of it is. */
  readonly isCeiling?: boolean;
}

/**
 * Why an account makes no offer for a price. `nobody-settles`: none of those who take the money takes it there; `takes-no-ceiling`:
 * it can only take what was authorized; `names-no-payer`: the price is one wallet's own, and nobody could see that it pays.
 */
export type LeftOut = {
  readonly rail: PaymentRail;
  readonly network: string;
  readonly reason:
    | 'below-a-tenth-of-the-unit'
    | 'below-the-minimum'
    | 'nobody-settles'
    | 'takes-no-ceiling'
    | 'names-no-payer';
  /** The least price that it takes there, where the price is what is wrong. */
  readonly minimumNanoUsd?: NanoUsd;
};

/** What is taken of an authorized amount: all of a fixed one, and at most all of a variable one. */
export type Charge = Pick<Offer, 'amountAtomic' | 'priceNanoUsd' | 'roundingNanoUsd'>;

/** Whether a price is the one that will be charged, or the ceiling of what use will cost. */
export type PriceAmounts = RailCapabilities['amounts'][number];

/** What a rail offers for a price. */
export type Quoted<O extends Offer = Offer> = { readonly offers: readonly O[]; readonly leftOut: readonly LeftOut[] };

/** What is paid for, as challenges name it. */
export type PricedResource = { readonly url: string; readonly description: string; readonly mimeType: string };

/** What an operation takes, as those who list what can be bought are told. */
export type PricedOperation = {
  /** As the caller sees the path, with OpenAPI's braces: `/acme/weather/cities/{city}`. */
  readonly pathTemplate: string;
  readonly requestSchema: RequestSchema;
};

/** To what a challenge is bound: a credential for one scope is refused in every other. */
export type PaymentScope = {
  readonly providerId: string;
  readonly apiId: string;
  readonly routeId: string;
  readonly method: string;
  /** The agent key that was shown beside it; null for strangers. */
  readonly keyId: string | null;
};

/** What is known of the call, both when it is challenged and when it is paid for. */
export type PaidRequest = {
  readonly resource: PricedResource;
  readonly scope: PaymentScope;
  /** Left out where nobody read what the operation takes. */
  readonly operation?: PricedOperation;
  /** The body as it was read; null without one. */
  readonly body: Uint8Array | null;
  readonly nowMs: number;
};

/** What a 402 says for one rail. `members` are merged into the problem document. */
export type Challenge = { readonly headers: HeaderFields; readonly members: Readonly<Record<string, unknown>> };

/** `reason` says why payment is asked for: none came, or what was wrong with the one that did. */
export type ChallengeTerms = PaidRequest & {
  readonly reason: string;
  /** The caller's `Accept-Payment`. */
  readonly acceptPayment?: string | undefined;
  /** The channel that a voucher was shown for: how it stands, so that its payer can go on. */
  readonly channel?: Channel | undefined;
  /** How who paid before may come in without paying again. Made for this challenge alone. */
  readonly signIn?: SignInChallenge | undefined;
};

/**
 * What a request carries for one rail. `foreign`: a credential in the rail's protocol for a way of paying that it is not.
 * `unreadable`: one that the protocol wants to be answered like a payment that is refused. `reason` may be shown to the caller.
 */
export type Presented<Credential> =
  | { readonly kind: 'none' }
  | { readonly kind: 'foreign'; readonly method: string }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'presented'; readonly credential: Credential };

/** What a credential is judged by: the offers that stand (an issued price stays for its lifetime), the call, and the time. */
export type CheckTerms<O extends Offer = Offer> = PaidRequest & { readonly offers: readonly O[] };

/** The judgement that needs no other machine. A refused credential never reaches one. */
export type Checked<P> =
  | { readonly kind: 'accepted'; readonly payment: P }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a payment's record says of it, and what has to be claimed before the call is forwarded. */
export interface PaymentFacts {
  readonly rail: PaymentRail;
  readonly scheme: PaymentScheme;
  readonly protocolVersion: number;
  /** Equal for every way of writing the same authorization, on whichever rail it is shown. */
  readonly claimKey: string;
  readonly offer: Offer;
  /** Who pays, lower-cased; empty while only the processor knows. */
  readonly payer: string;
  /** What makes the authorization single: a nonce, or the id of a challenge. */
  readonly nonce: string;
  /** Whether the local check proved that this payer signed. Otherwise who settles has to be asked. */
  readonly isProven?: boolean;
  /** When the authorization ends, Unix milliseconds. */
  readonly validBeforeMs: number;
  /** What the rail needs to find the payment again, and to give it back. */
  readonly details: Readonly<Record<string, string>>;
  /** What only payer and gateway know, and no chain: the client's own id of the payment, or a challenge's; null without one. */
  readonly paymentIdentifier: string | null;
  /** How the channel that pays stands after its claim. */
  readonly channel?: Channel;
}

/**
 * What a payer has to let a contract move before such a payment can be taken. `sponsoredBy`: the extension by which that may be
 * signed along, and who settles pays for writing it down; null where none is offered.
 */
export type MissingAllowance = {
  readonly network: string;
  readonly asset: string;
  readonly spender: string;
  readonly amountAtomic: bigint;
  readonly sponsoredBy: string | null;
};

/** The judgement of who will settle. `unavailable`: no judgement was had, and nothing was charged. */
export type Verification =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly reason: string; readonly allowance?: MissingAllowance }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * How taking the money ended. `failed` is said only when it is certain that this credential moved nothing and never will;
 * all doubt is `unknown`, which is resolved elsewhere and never answered with a fresh 402. `released`: nothing was owed, so
 * nothing was asked for, and the authorization stays unused.
 */
export type Settlement =
  | { readonly kind: 'released' }
  /** `amountAtomic`: what was taken, where that is told because it may be less than was authorized. */
  | {
      readonly kind: 'settled';
      readonly transaction: string;
      readonly amountAtomic?: bigint;
      /** Of a processor that was to calculate it. */
      readonly tax?: PaymentTax;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly transaction: string | null;
      /** Whoever takes the money gave no answer: asked the same again it may, and takes the money once however often it is asked. */
      readonly isUnanswered?: true;
    };

/** What whoever takes the money shows of a payment to its account's owner: ids and names, and no secrets. */
export type PaymentLabels = Readonly<Record<string, string>>;

/** What a rail may tell whoever takes the money of the payment, and how much of what was authorized: all without a `charge`. */
export type SettleOrder = {
  readonly paymentId: string;
  readonly requestId: string;
  readonly charge?: Charge;
  /** What it pays for, in one line. */
  readonly description?: string;
  readonly labels?: PaymentLabels;
};

/** What whoever took the money says of it later. `open`: not decided, and may still be; ask again. `unavailable`: ask again too. */
export type Resolution =
  | { readonly kind: 'settled'; readonly transaction: string; readonly tax?: PaymentTax }
  /** Nothing was taken, and the same authorization may pay again. */
  | { readonly kind: 'released'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** A rail as its folder writes it, in its own types. Claiming is the state store's: `claimKey` names what to claim. */
export interface RailDefinition<O extends Offer, Credential, P extends PaymentFacts> {
  readonly name: PaymentRail;
  /** What tells its offers from those of another rail of its name. Left out: all are its own. */
  readonly scheme?: PaymentScheme;
  readonly capabilities: RailCapabilities;
  /** What the accounts that are this rail's offer for a price. Asked only for accounts, amounts and prices that it is capable of. */
  quote(wallets: readonly Wallet[], priceNanoUsd: NanoUsd, amounts: PriceAmounts): Quoted<O>;
  /** Writes offers into a 402. */
  challenge(offers: readonly O[], terms: ChallengeTerms): Challenge;
  parse(headers: RequestHeaders): Presented<Credential>;
  check(credential: Credential, terms: CheckTerms<O>): Checked<P>;
  verify(payment: P): Promise<Verification>;
  /** To be called once for a claimed payment, after `settling` was made durable. The charge is > 0. Never throws. */
  settle(payment: P, order: Required<SettleOrder>): Promise<Settlement>;
  /** Receipt headers of a settlement that ended; none while its outcome is unknown, nor where a rail gives none for failure. */
  receipt(payment: P, settlement: Settlement, nowMs: number): HeaderFields;
  /** The channel that pays, for a rail of sessions. */
  voucher?(payment: P): Pick<VoucherUse, 'channel' | 'open'>;
  /** Reads what a request wants done with a channel; null when that is not what it carries. */
  manage?(headers: RequestHeaders): ChannelCredential | null;
}

/** A payment that passed the local check, with what can be done with it. */
export interface Payment extends PaymentFacts {
  /** When its rail may take the money. */
  readonly settles: RailCapabilities['settles'];
  verify(): Promise<Verification>;
  /**
   * Takes the money. A charge of nothing is `released`. Throws RangeError for a charge that the offer does not cover, before
   * anything is asked for.
   */
  settle(order: SettleOrder): Promise<Settlement>;
  receipt(settlement: Settlement, nowMs: number): HeaderFields;
  /** Null: it is paid on its own. */
  readonly voucher: VoucherUse | null;
}

/** A credential that was read, not judged. */
export interface PresentedCredential {
  readonly rail: PaymentRail;
  check(terms: CheckTerms): Checked<Payment>;
}

/** One way to pay, as the pipeline sees it: all rails look the same. */
export interface Rail {
  readonly name: PaymentRail;
  readonly capabilities: RailCapabilities;
  /** Whether an offer is one of its quotes. */
  owns(offer: Offer): boolean;
  /** `amounts` are fixed where it is left out. */
  quote(wallets: readonly Wallet[], priceNanoUsd: NanoUsd, amounts?: PriceAmounts): Quoted;
  /** Leaves offers of other rails alone. */
  challenge(offers: readonly Offer[], terms: ChallengeTerms): Challenge;
  parse(headers: RequestHeaders): Presented<PresentedCredential>;
  manage(headers: RequestHeaders): ChannelCredential | null;
}

/** Money that goes back. `amountAtomic` is in the payment's asset; `signed` is what was kept of it before it was sent. */
export type RefundOrder = {
  readonly refundId: string;
  readonly amountAtomic: bigint;
  readonly signed: SignedRefund | null;
};

/** A transaction that pays a refund. It is kept before it is sent, so that nobody ever signs a second one. */
export type SignedRefund = {
  readonly sender: string;
  readonly nonce: bigint;
  readonly raw: string;
  readonly transaction: string;
};

/** How a refund stands. `open`: on its way; ask again. `unavailable`: nothing could be done now, and `reason` says why. */
export type RefundProgress =
  | { readonly kind: 'refunded'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** How a rail gives money back. */
export interface RefundDesk {
  /** Who would send it; null where nothing is signed, and undefined where nobody can. */
  senderOf(payment: PaymentRecord): Promise<string | null | undefined>;
  /** Signs a transaction with a nonce of at least `nonceMin`. Called with the rail's sender, one at a time. */
  sign(payment: PaymentRecord, order: RefundOrder, nonceMin: bigint): Promise<SignedRefund>;
  /** Sends a refund, or finds out about the one that was sent. May be called again and again: it is paid once. Never throws. */
  send(payment: PaymentRecord, order: RefundOrder): Promise<RefundProgress>;
}

/** What is done with a rail's payments when no request is there any more: the worker's half. */
export interface RailDesk {
  readonly name: PaymentRail;
  /** Finds how a settlement ended that nobody told. Never throws. */
  resolve(payment: PaymentRecord): Promise<Resolution>;
  readonly refunds: RefundDesk;
  /** For a rail of sessions. */
  readonly channels?: ChannelDesk;
}
