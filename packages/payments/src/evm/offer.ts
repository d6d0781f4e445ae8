import type { Wallet } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { chainIdOf, type JsonObject } from '@tollwright/protocols';
import { z } from 'zod';
import type { AnsweredChallenge } from '../mpp/mpp-method.ts';
import type { Quoted } from '../rail.ts';
import { type QuotedOffer, quoteX402, type Settlers } from '../x402/quote.ts';

/** An offer of method `evm`: the same tokens, wallets and authorizations as x402's scheme `exact`. */
export type EvmOffer = Omit<QuotedOffer, 'rail' | 'scheme' | 'transferMethod' | 'facilitator'> & {
  readonly rail: 'evm';
  readonly scheme: 'charge';
};

const request = z.object({
  amount: z.string().regex(/^\d{1,78}$/),
  currency: z.string(),
  recipient: z.string(),
  methodDetails: z.object({ chainId: z.int() }),
});
const memo = z.object({
  tokenName: z.string(),
  tokenVersion: z.string(),
  decimals: z.string().regex(/^\d{1,2}$/),
  rounding: z.string().regex(/^\d{1,16}$/),
});

/** A price in the tokens of every wallet that can take it. */
export function quoteEvm(settlers: Settlers, wallets: readonly Wallet[], priceNanoUsd: NanoUsd): Quoted<EvmOffer> {
  const { offers, leftOut } = quoteX402(settlers, wallets, priceNanoUsd, 'fixed');
  const authorized = offers.filter(({ transferMethod }) => transferMethod === 'eip3009');
  return {
    offers: authorized.map(({ transferMethod: _, facilitator: __, ...offer }) => ({
      ...offer,
      ...{ rail: 'evm', scheme: 'charge' },
    })),
    leftOut: leftOut.map((left) => ({ ...left, rail: 'evm' })),
  };
}

/** The `request` of a challenge. Source: draft-evm-charge. */
export function evmRequest({ amountAtomic, asset, payTo, network, decimals }: EvmOffer): JsonObject {
  return {
    amount: amountAtomic.toString(),
    currency: asset,
    recipient: payTo,
    methodDetails: { chainId: Number(chainIdOf(network)), credentialTypes: ['authorization'], decimals },
  };
}

/** What the request does not say of an offer. */
export function evmMemo(offer: EvmOffer): Readonly<Record<string, string>> {
  const { tokenName, tokenVersion, decimals, roundingNanoUsd } = offer;
  return { tokenName, tokenVersion, decimals: `${decimals}`, rounding: `${roundingNanoUsd}` };
}

/** The offer that a challenge was made of; null for one that this release does not read. */
export function evmOfferOf({ request: asked, memo: kept, priceNanoUsd, expiresAtMs, call }: AnsweredChallenge) {
  const [read, said] = [request.safeParse(asked), memo.safeParse(kept)];
  if (!read.success || !said.success) return null;
  const { amount, currency: asset, recipient: payTo, methodDetails } = read.data;
  const { tokenName, tokenVersion, decimals, rounding } = said.data;
  return {
    ...{ rail: 'evm', scheme: 'charge', network: `eip155:${methodDetails.chainId}`, asset, payTo },
    ...{ tokenName, tokenVersion, amountAtomic: BigInt(amount), decimals: Number(decimals), priceNanoUsd },
    roundingNanoUsd: nanoUsd(BigInt(rounding)),
    maxTimeoutSeconds: Math.max(1, Math.floor((expiresAtMs - call.nowMs) / 1_000)),
  } satisfies EvmOffer;
}
