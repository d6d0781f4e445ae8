import type { Claim } from './port.ts';

/**
 * What claims may come to in sum, whichever gateways make them. `exposure`: those of the payer to the provider that are answered
 * and not settled. `payer-day`: what the payer pays on the API in the UTC day in which the payment began. `approval`: what is paid
 * under the record's approval. Null: the payment is counted, and nothing refused.
 */
export type ClaimBound =
  | { readonly kind: 'exposure'; readonly capNanoUsd: bigint }
  | { readonly kind: 'payer-day'; readonly capNanoUsd: bigint | null }
  | { readonly kind: 'approval'; readonly capNanoUsd: bigint; readonly once: boolean };

/**
 * Nothing was claimed: with the payment, claims would come to more than this bound, or (`exposure`) the payer's last one that ended was
 * served and never settled.
 */
export type BeyondBound = {
  readonly kind: 'beyond';
  readonly bound: ClaimBound['kind'];
  readonly reason: 'cap' | 'failed-before';
};

/** Whether a claim stands in the way of another on the same authorization. */
export function isTaken(claim: Pick<Claim, 'state'> | null): boolean {
  return claim !== null && claim.state !== 'released';
}
