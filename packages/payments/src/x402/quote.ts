import type { Wallet, X402Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { TransferMethod, X402Offer, X402Scheme } from '@tollwright/protocols';
import { quantize } from '../quantize.ts';
import type { LeftOut, Offer, PriceAmounts, Quoted } from '../rail.ts';
import type { Kind } from './facilitator-kinds.ts';

/** An offer of this rail, with the price that it stands for. */
export type QuotedOffer = Offer & X402Offer & { readonly rail: 'x402'; readonly scheme: X402Scheme };

/** Who settles what: a pool of facilitators. */
export type Settlers = {
  /** Whether anybody settles this. */
  serves(kind: Kind): boolean;
  /** The address that payers of scheme `upto` are to name on a network; null: nobody settles it there. */
  addressFor(network: string): string | null;
};

/** Of a wallet that names none: what each amount takes of every token with authorizations of its own. */
const transferMethodsDefault = { fixed: ['eip3009'], variable: ['permit2'] } as const;

/** How long a signed authorization may stay valid, in seconds. */
export const maxTimeoutSeconds = 300;

/**
 * A price in the tokens of every wallet that can take it: a fixed one by scheme `exact`, a ceiling by scheme `upto`, which
 * needs Permit2.
 */
export function quoteX402(
  settlers: Settlers,
  wallets: readonly Wallet[],
  priceNanoUsd: NanoUsd,
  amounts: PriceAmounts,
): Quoted<QuotedOffer> {
  const offers: QuotedOffer[] = [];
  const leftOut: LeftOut[] = [];
  for (const wallet of wallets.filter(isX402)) {
    const { network, decimals } = wallet;
    const quantized = quantize(priceNanoUsd, decimals);
    const ways = waysOf(settlers, wallet, amounts);
    if (quantized.kind === 'offered') {
      offers.push(...ways.map((way) => offerOf(wallet, way, priceNanoUsd, quantized)));
      if (ways.length === 0) leftOut.push({ rail: 'x402', network, reason: 'nobody-settles' });
    } else if (quantized.reason !== 'free') {
      const { reason, minimumNanoUsd } = quantized;
      leftOut.push({ rail: 'x402', network, reason, minimumNanoUsd });
    }
  }
  return { offers, leftOut };
}

type Way = Pick<QuotedOffer, 'scheme' | 'transferMethod' | 'facilitator'>;

function waysOf(settlers: Settlers, { network, transferMethods }: X402Wallet, amounts: PriceAmounts): readonly Way[] {
  const methods: readonly TransferMethod[] = transferMethods ?? transferMethodsDefault[amounts];
  if (amounts === 'fixed') {
    if (!settlers.serves({ scheme: 'exact', network })) return [];
    return methods.map((transferMethod) => ({ scheme: 'exact', transferMethod, facilitator: null }));
  }
  const facilitator = methods.includes('permit2') ? settlers.addressFor(network) : null;
  return facilitator === null ? [] : [{ scheme: 'upto', transferMethod: 'permit2', facilitator }];
}

function offerOf(
  { network, asset, tokenName, tokenVersion, payTo, decimals }: X402Wallet,
  way: Way,
  priceNanoUsd: NanoUsd,
  { amountAtomic, roundingNanoUsd }: Pick<Offer, 'amountAtomic' | 'roundingNanoUsd'>,
): QuotedOffer {
  return {
    ...{ rail: 'x402', ...way, network, asset, tokenName, tokenVersion, payTo, amountAtomic },
    ...{ decimals, maxTimeoutSeconds, priceNanoUsd, roundingNanoUsd },
  };
}

function isX402(wallet: Wallet): wallet is X402Wallet {
  return wallet.kind === 'x402';
}
