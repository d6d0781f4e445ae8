import type { X402Wallet } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import type { X402Offer } from '@tollwright/protocols';

/** An offer with the price that it stands for. `roundingNanoUsd` is what the token's unit added, >= 0. */
export type QuotedOffer = X402Offer & { readonly priceNanoUsd: NanoUsd; readonly roundingNanoUsd: NanoUsd };

/** A price on this rail, or why the rail does not offer it. */
export type Quote =
  | { readonly kind: 'offered'; readonly offer: QuotedOffer }
  | { readonly kind: 'not-offered'; readonly reason: 'free' | 'below-a-tenth-of-the-unit' };

/** How long a signed authorization may stay valid, unless a caller of `quoteX402` says otherwise. */
export const maxTimeoutSecondsDefault = 300;

const nanoDigits = 9;

/** Rounds a price up to the token's unit. A price under a tenth of the unit is not offered: rounding would be most of it. */
export function quoteX402(
  wallet: X402Wallet,
  priceNanoUsd: NanoUsd,
  maxTimeoutSeconds: number = maxTimeoutSecondsDefault,
): Quote {
  if (priceNanoUsd <= 0n) return { kind: 'not-offered', reason: 'free' };
  const unitsPerUsd = 10n ** BigInt(wallet.decimals);
  const nanoPerUsd = 10n ** BigInt(nanoDigits);
  const exact = priceNanoUsd * unitsPerUsd;
  if (exact * 10n < nanoPerUsd) return { kind: 'not-offered', reason: 'below-a-tenth-of-the-unit' };
  const amountAtomic = (exact + nanoPerUsd - 1n) / nanoPerUsd;
  const offer: QuotedOffer = {
    network: wallet.network,
    asset: wallet.asset,
    tokenName: wallet.tokenName,
    tokenVersion: wallet.tokenVersion,
    payTo: wallet.payTo,
    amountAtomic,
    maxTimeoutSeconds,
    priceNanoUsd,
    roundingNanoUsd: nanoUsd((amountAtomic * nanoPerUsd) / unitsPerUsd - priceNanoUsd),
  };
  return { kind: 'offered', offer };
}
