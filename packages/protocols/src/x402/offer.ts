/** `exact`: the amount, once. `upto`: at most the amount, by what was used. */
export type X402Scheme = 'exact' | 'upto';

/** How the token moves: by its own authorizations (ERC-3009), or by Permit2 through the proxy of the scheme. */
export type TransferMethod = 'eip3009' | 'permit2';

/**
 * One way to pay for a resource. Version 2 is written from it, and version 1 where that can express it: scheme `exact` by
 * ERC-3009. Source: x402 specification, schemes/exact and schemes/upto.
 */
export type X402Offer = {
  readonly scheme: X402Scheme;
  /** `permit2` for scheme `upto`. */
  readonly transferMethod: TransferMethod;
  /** The one address that may settle, as scheme `upto` names it; null where anybody may. */
  readonly facilitator: string | null;
  /** CAIP-2, such as `eip155:8453`. */
  readonly network: string;
  /** The token's contract. */
  readonly asset: string;
  /** `name` and `version` of the token's EIP-712 domain. */
  readonly tokenName: string;
  readonly tokenVersion: string;
  /** Who is paid. */
  readonly payTo: string;
  /** In the token's smallest unit, > 0. A ceiling for scheme `upto`. */
  readonly amountAtomic: bigint;
  /** How long an authorization made for this offer may stay valid. */
  readonly maxTimeoutSeconds: number;
};

/** What is paid for. `url` is absolute and public. */
export type X402Resource = { readonly url: string; readonly description: string; readonly mimeType: string };
