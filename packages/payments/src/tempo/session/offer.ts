import type { Wallet } from '@tollwright/contracts';
import { type NanoUsd, nanoUsd } from '@tollwright/core';
import { chainIdOf, type JsonObject, tempoChannelReserve } from '@tollwright/protocols';
import type { Channel } from '@tollwright/state';
import { z } from 'zod';
import type { AnsweredChallenge } from '../../mpp/mpp-method.ts';
import type { LeftOut, Offer, PriceAmounts, Quoted } from '../../rail.ts';
import { quoteTempo, type TempoOffer, tempoMemo } from '../offer.ts';

/** An offer of method `tempo`, intent `session`: the amount is one call's, paid by a voucher of a channel. */
export type SessionOffer = Offer & { readonly rail: 'tempo'; readonly scheme: 'session'; readonly operator: string };

/** What a challenge says of who is paid, in what, and how much a call. */
export type SessionTerms = Pick<SessionOffer, 'network' | 'asset' | 'payTo' | 'operator' | 'amountAtomic'>;

/** How many calls the deposit that a client is advised to make would pay. */
const suggestedCalls = 100n;

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const request = z.object({
  amount: z.string().regex(/^\d{1,29}$/),
  currency: address,
  recipient: address,
  methodDetails: z.object({ chainId: z.int(), operator: address }),
});
const memo = z.object({
  decimals: z.string().regex(/^\d{1,2}$/),
  rounding: z.string().regex(/^\d{1,16}$/),
  ceiling: z.literal('yes').optional(),
});

/** A price by vouchers, or the ceiling of one, for every Tempo wallet that has somebody who settles them. */
export function quoteSessions(
  wallets: readonly Wallet[],
  priceNanoUsd: NanoUsd,
  amounts: PriceAmounts,
): Quoted<SessionOffer> {
  const offers: SessionOffer[] = [];
  const leftOut: LeftOut[] = [];
  for (const wallet of wallets) {
    if (wallet.kind !== 'tempo' || wallet.operator === undefined) continue;
    const quoted = quoteTempo([wallet], priceNanoUsd);
    offers.push(...quoted.offers.map((offer) => offerOf(offer, wallet.operator ?? '', amounts)));
    leftOut.push(...quoted.leftOut);
  }
  return { offers, leftOut };
}

function offerOf(offer: TempoOffer, operator: string, amounts: PriceAmounts): SessionOffer {
  return { ...offer, scheme: 'session', operator, isCeiling: amounts === 'variable' };
}

/** The `request` of a challenge; with how a channel stands it says to its payer from where to go on. Source: draft-tempo-session. */
export function sessionRequest(offer: SessionOffer, channel?: Channel): JsonObject {
  const { amountAtomic, asset, payTo, network, operator } = offer;
  const snapshot = channel === undefined ? null : sessionSnapshot(offer, channel);
  return {
    ...{ amount: amountAtomic.toString(), currency: asset, recipient: payTo, unitType: 'request' },
    suggestedDeposit: (amountAtomic * suggestedCalls).toString(),
    methodDetails: {
      ...{ chainId: Number(chainIdOf(network)), escrowContract: tempoChannelReserve, operator, sessionProtocol: 'v2' },
      ...(snapshot === null ? {} : { sessionSnapshot: snapshot }),
    },
  };
}

function sessionSnapshot({ amountAtomic, network, asset, payTo }: SessionOffer, channel: Channel): JsonObject | null {
  const { record, voucher, depositAtomic, settledAtomic, spentAtomic, heldAtomic } = channel;
  if (record === null || voucher === null || record.network !== network) return null;
  if (record.asset !== asset.toLowerCase() || record.payTo !== payTo.toLowerCase()) return null;
  const { channelId = '', operator = '', salt = '', authorizedSigner = '', expiringNonceHash = '' } = record.details;
  const taken = spentAtomic + heldAtomic;
  return {
    ...{ channelId, chainId: Number(chainIdOf(network)), escrow: tempoChannelReserve },
    ...{ acceptedCumulative: voucher.cumulativeAtomic.toString(), deposit: depositAtomic.toString() },
    ...{ requiredCumulative: (taken + amountAtomic).toString(), settled: settledAtomic.toString() },
    spent: taken.toString(),
    descriptor: {
      ...{ payer: record.payer, payee: record.payTo, operator, token: record.asset },
      ...{ salt, authorizedSigner, expiringNonceHash },
    },
    highestVoucher: {
      ...{ channelId, cumulativeAmount: voucher.cumulativeAtomic.toString(), signature: voucher.signature },
    },
  };
}

/** What the request does not say of an offer. */
export function sessionMemo(offer: SessionOffer): Readonly<Record<string, string>> {
  return { ...tempoMemo({ ...offer, rail: 'tempo' }), ...(offer.isCeiling === true ? { ceiling: 'yes' } : {}) };
}

/** The offer that a challenge was made of; null for one that this release does not read. */
export function sessionOfferOf({
  request: asked,
  memo: kept,
  priceNanoUsd,
}: Pick<AnsweredChallenge, 'request' | 'memo' | 'priceNanoUsd'>): SessionOffer | null {
  const [terms, said] = [sessionTermsOf(asked), memo.safeParse(kept)];
  if (terms === null || !said.success) return null;
  return {
    ...{ rail: 'tempo', scheme: 'session', ...terms, priceNanoUsd, decimals: Number(said.data.decimals) },
    roundingNanoUsd: nanoUsd(BigInt(said.data.rounding)),
    isCeiling: said.data.ceiling !== undefined,
  };
}

/** What a challenge's request says; null for one that this release does not read. */
export function sessionTermsOf(asked: JsonObject): SessionTerms | null {
  const read = request.safeParse(asked);
  if (!read.success) return null;
  const { amount, currency: asset, recipient: payTo, methodDetails } = read.data;
  const { chainId, operator } = methodDetails;
  return { network: `eip155:${chainId}`, asset, payTo, operator, amountAtomic: BigInt(amount) };
}
