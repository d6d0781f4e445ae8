import { z } from 'zod';
import { address, uint256 } from '../evm/hex.ts';
import { fromNetworkName, toNetworkName } from './network.ts';
import type { TransferMethod, X402Offer, X402Resource } from './offer.ts';

const text = z.string().max(4_096);
const domain = z.looseObject({ name: text, version: text });
const extra = z.looseObject({
  name: text,
  version: text,
  assetTransferMethod: z.enum(['eip3009', 'permit2']).optional(),
  facilitatorAddress: address.optional(),
});
const timeout = z.int().min(1).max(1_000_000_000);

/** An item of `accepts` in version 1. */
export const requirementsV1 = z.object({
  scheme: z.literal('exact'),
  network: text,
  maxAmountRequired: uint256,
  asset: address,
  payTo: address,
  resource: text,
  description: text,
  mimeType: text,
  maxTimeoutSeconds: timeout,
  extra: domain,
});

/** An item of `accepts` in version 2, and the member `accepted` of a payment. */
export const requirementsV2 = z.object({
  scheme: z.enum(['exact', 'upto']),
  network: text,
  amount: uint256,
  asset: address,
  payTo: address,
  maxTimeoutSeconds: timeout,
  extra,
});
export type RequirementsV2 = z.output<typeof requirementsV2>;

/** Writes an offer for version 1; null when version 1 has no name for the network, or no such way to pay. */
export function toRequirementsV1(offer: X402Offer, resource: X402Resource) {
  const network = toNetworkName(offer.network);
  if (network === null || offer.scheme !== 'exact' || offer.transferMethod !== 'eip3009') return null;
  return {
    scheme: 'exact',
    network,
    maxAmountRequired: offer.amountAtomic.toString(),
    asset: offer.asset,
    payTo: offer.payTo,
    resource: resource.url,
    description: resource.description,
    mimeType: resource.mimeType,
    outputSchema: {},
    maxTimeoutSeconds: offer.maxTimeoutSeconds,
    extra: { name: offer.tokenName, version: offer.tokenVersion },
  } as const;
}

/** Writes an offer for version 2. */
export function toRequirementsV2(offer: X402Offer) {
  const { transferMethod, facilitator } = offer;
  return {
    scheme: offer.scheme,
    network: offer.network,
    amount: offer.amountAtomic.toString(),
    asset: offer.asset,
    payTo: offer.payTo,
    maxTimeoutSeconds: offer.maxTimeoutSeconds,
    extra: {
      name: offer.tokenName,
      version: offer.tokenVersion,
      ...(transferMethod === 'eip3009' ? {} : { assetTransferMethod: transferMethod }),
      ...(facilitator === null ? {} : { facilitatorAddress: facilitator }),
    },
  };
}

/** Reads an offer of version 1; null when its network is unknown. */
export function fromRequirementsV1(item: z.output<typeof requirementsV1>): X402Offer | null {
  const network = fromNetworkName(item.network);
  if (network === null) return null;
  const way = { scheme: 'exact', transferMethod: 'eip3009', facilitator: null } as const;
  return { ...way, ...fromCommon(item), network, amountAtomic: item.maxAmountRequired };
}

/** Reads an offer of version 2. */
export function fromRequirementsV2(item: RequirementsV2): X402Offer {
  const { scheme, network, amount, extra } = item;
  const transferMethod = transferMethodOf(item);
  const facilitator = extra.facilitatorAddress ?? null;
  return { ...fromCommon(item), scheme, transferMethod, facilitator, network, amountAtomic: amount };
}

/** How the requirements say that the token moves. */
export function transferMethodOf({ scheme, extra }: Pick<RequirementsV2, 'scheme' | 'extra'>): TransferMethod {
  return extra.assetTransferMethod ?? (scheme === 'upto' ? 'permit2' : 'eip3009');
}

function fromCommon(item: Pick<z.output<typeof requirementsV1>, 'asset' | 'payTo' | 'maxTimeoutSeconds' | 'extra'>) {
  const { asset, payTo, maxTimeoutSeconds, extra } = item;
  return { asset, payTo, maxTimeoutSeconds, tokenName: extra.name, tokenVersion: extra.version };
}
