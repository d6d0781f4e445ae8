import type { TempoWallet, Wallet } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { chainIdOf, type JsonObject } from '@tollwright/protocols';
import { z } from 'zod';
import type { AnsweredChallenge } from '../mpp/mpp-method.ts';
import { quantize } from '../quantize.ts';
import type { LeftOut, Offer, Quoted } from '../rail.ts';

/** An offer of method `tempo`, intent `charge`: a transfer of a TIP-20 token that the payer signs and we send. */
export type TempoOffer = Offer & { readonly rail: 'tempo' };

const request = z.object({
  amount: z.string().regex(/^\d{1,78}$/),
  currency: z.string(),
  recipient: z.string(),
  methodDetails: z.object({ chainId: z.int() }),
});
const memo = z.object({ decimals: z.string().regex(/^\d{1,2}$/), rounding: z.string().regex(/^\d{1,16}$/) });

/** A price in the tokens of every Tempo wallet that can take it. */
export function quoteTempo(wallets: readonly Wallet[], priceNanoUsd: NanoUsd): Quoted<TempoOffer> {
  const offers: TempoOffer[] = [];
  const leftOut: LeftOut[] = [];
  for (const wallet of wallets) {
    if (wallet.kind !== 'tempo') continue;
    const quantized = quantize(priceNanoUsd, wallet.decimals);
    if (quantized.kind === 'offered') offers.push(offerOf(wallet, priceNanoUsd, quantized));
    else if (quantized.reason !== 'free') {
      const { reason, minimumNanoUsd } = quantized;
      leftOut.push({ rail: 'tempo', network: wallet.network, reason, minimumNanoUsd });
    }
  }
  return { offers, leftOut };
}

function offerOf(
  { network, asset, payTo, decimals }: TempoWallet,
  priceNanoUsd: NanoUsd,
  { amountAtomic, roundingNanoUsd }: Pick<Offer, 'amountAtomic' | 'roundingNanoUsd'>,
): TempoOffer {
  return {
    ...{ rail: 'tempo', scheme: 'charge', network, asset, payTo },
    ...{ amountAtomic, decimals, priceNanoUsd, roundingNanoUsd },
  };
}

/** The `request` of a challenge. Payers sign, and we send: `pull`. Source: draft-tempo-charge. */
export function tempoRequest({ amountAtomic, asset, payTo, network }: TempoOffer): JsonObject {
  return {
    ...{ amount: amountAtomic.toString(), currency: asset, recipient: payTo },
    methodDetails: { chainId: Number(chainIdOf(network)), supportedModes: ['pull'] },
  };
}

/** What the request does not say of an offer. */
export function tempoMemo({ decimals, roundingNanoUsd }: TempoOffer): Readonly<Record<string, string>> {
  return { decimals: `${decimals}`, rounding: `${roundingNanoUsd}` };
}

/** The offer that a challenge was made of; null for one that this release does not read. */
export function tempoOfferOf({ request: asked, memo: kept, priceNanoUsd }: AnsweredChallenge): TempoOffer | null {
  const [read, said] = [request.safeParse(asked), memo.safeParse(kept)];
  if (!read.success || !said.success) return null;
  const { amount, currency: asset, recipient: payTo, methodDetails } = read.data;
  return {
    ...{ rail: 'tempo', scheme: 'charge', network: `eip155:${methodDetails.chainId}`, asset, payTo, priceNanoUsd },
    ...{ amountAtomic: BigInt(amount), decimals: Number(said.data.decimals) },
    roundingNanoUsd: nanoUsd(BigInt(said.data.rounding)),
  };
}
