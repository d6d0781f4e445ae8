/** Request headers as Node gives them: lower-cased names. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a 402 says for one rail. `bodyMembers` are merged into the problem document. */
export type Challenge = {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyMembers: Readonly<Record<string, unknown>>;
};

/** What a request carries for one rail. `reason` may be shown to the caller. */
export type Presented<Credential> =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'presented'; readonly credential: Credential };

/** The judgement that needs no other machine. A refused credential never reaches one. */
export type Checked<Payment> =
  | { readonly kind: 'accepted'; readonly payment: Payment }
  | { readonly kind: 'refused'; readonly reason: string };

/** The judgement of who will settle. `unavailable`: no judgement was had, and nothing was charged. */
export type Verification =
  | { readonly kind: 'valid' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * How taking the money ended. `failed` is said only when it is certain that this credential moved nothing and never will;
 * all doubt is `unknown`, which is resolved elsewhere and never answered with a fresh 402.
 */
export type Settlement =
  | { readonly kind: 'settled'; readonly transaction: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string; readonly transaction: string | null };

/** What a rail can do, so that the pipeline need not know which one it has. */
export type RailCapabilities = {
  /** When money may be taken: after the answer is known, or before the call is forwarded. */
  readonly settles: readonly ('after' | 'before')[];
  readonly streams: boolean;
  readonly refunds: boolean;
};

/** What is paid for, as the challenge names it. */
export type PricedResource = { readonly url: string; readonly description: string; readonly mimeType: string };

/** What a credential is judged by: the offers that stand (an issued price stays for its lifetime) and the time. */
export type CheckContext<Offer> = {
  readonly offers: readonly Offer[];
  readonly resource: PricedResource;
  readonly nowMs: number;
};

/** One way for strangers to pay. Claiming a payment is not the rail's business: `claimKey` of a payment names what to claim. */
export interface Rail<Offer, Credential, Payment extends { readonly claimKey: string }> {
  readonly name: string;
  readonly capabilities: RailCapabilities;
  /** Writes the offers into a 402. `reason` says why: no payment, or what was wrong with the one presented. */
  challenge(offers: readonly Offer[], resource: PricedResource, reason: string): Challenge;
  parse(headers: RequestHeaders): Presented<Credential>;
  check(credential: Credential, context: CheckContext<Offer>): Checked<Payment>;
  verify(payment: Payment): Promise<Verification>;
  /** To be called once for a claimed payment, after `settling` was made durable. Never throws. */
  settle(payment: Payment): Promise<Settlement>;
  /** Receipt headers of a settlement that ended; none while its outcome is unknown. */
  receipt(payment: Payment, settlement: Settlement): Readonly<Record<string, string>>;
}
