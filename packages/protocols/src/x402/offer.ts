/**
 * One way to pay for a resource: scheme `exact` with a token that knows transfers by authorization (ERC-3009).
 * Both wire generations are written from this value. Source: x402 specification, schemes/exact.
 */
export type X402Offer = {
  /** CAIP-2, such as `eip155:8453`. */
  readonly network: string;
  /** The token's contract. */
  readonly asset: string;
  /** `name` and `version` of the token's EIP-712 domain. */
  readonly tokenName: string;
  readonly tokenVersion: string;
  /** Who is paid. */
  readonly payTo: string;
  /** In the token's smallest unit, > 0. */
  readonly amountAtomic: bigint;
  /** How long an authorization made for this offer may stay valid. */
  readonly maxTimeoutSeconds: number;
};

/** What is paid for. `url` is absolute and public. */
export type X402Resource = { readonly url: string; readonly description: string; readonly mimeType: string };
