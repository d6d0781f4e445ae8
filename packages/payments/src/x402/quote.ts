import type { Wallet, X402Wallet } from '@tollwright/contracts';
import type { NanoUsd } from '@tollwright/core';
import type { TransferMethod, X402Offer, X402Scheme } from '@tollwright/protocols';
import { quantize } from '../quantize.ts';
import type { Charge, LeftOut, Offer, PriceAmounts, Quoted } from '../rail.ts';
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
 * A price in the tokens of every wallet that can take it: a fixed one by scheme `exact`, and after all of those by scheme `upto`, of
 * which all is taken; a ceiling by `upto` alone. That needs Permit2, so who knows both and has the choice pays by `exact`.
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
      const price = { priceNanoUsd, ...quantized, isCeiling: amounts === 'variable' };
      offers.push(...ways.map((way) => offerOf(wallet, way, price)));
      if (ways.length === 0) leftOut.push({ rail: 'x402', network, reason: 'nobody-settles' });
    } else if (quantized.reason !== 'free') {
      const { reason, minimumNanoUsd } = quantized;
      leftOut.push({ rail: 'x402', network, reason, minimumNanoUsd });
    }
  }
  return { offers: [...offers.filter(isExact), ...offers.filter((offer) => !isExact(offer))], leftOut };
}

function isExact({ scheme }: QuotedOffer): boolean {
  return scheme === 'exact';
}

type Way = Pick<QuotedOffer, 'scheme' | 'transferMethod' | 'facilitator'>;

function waysOf(settlers: Settlers, { network, transferMethods }: X402Wallet, amounts: PriceAmounts): readonly Way[] {
  const takesPermits = (transferMethods ?? transferMethodsDefault.variable).includes('permit2');
  const facilitator = takesPermits ? settlers.addressFor(network) : null;
  const upto: readonly Way[] = facilitator === null ? [] : [{ scheme: 'upto', transferMethod: 'permit2', facilitator }];
  if (amounts === 'variable' || !settlers.serves({ scheme: 'exact', network })) return upto;
  const methods: readonly TransferMethod[] = transferMethods ?? transferMethodsDefault.fixed;
  return [
    ...methods.map((transferMethod) => ({ scheme: 'exact', transferMethod, facilitator: null }) as const),
    ...upto,
  ];
}

function offerOf(
  { network, asset, tokenName, tokenVersion, payTo, decimals }: X402Wallet,
  way: Way,
  { amountAtomic, priceNanoUsd, roundingNanoUsd, isCeiling }: Charge & Pick<Offer, 'isCeiling'>,
): QuotedOffer {
  return {
    ...{ rail: 'x402', ...way, network, asset, tokenName, tokenVersion, payTo, amountAtomic },
    ...{ decimals, maxTimeoutSeconds, priceNanoUsd, roundingNanoUsd, ...(isCeiling ? { isCeiling } : {}) },
  };
}

function isX402(wallet: Wallet): wallet is X402Wallet {
  return wallet.kind === 'x402';
}
