import { loadMppx } from '@tollwright/testing';
import { decodeSignedOffers, extractJWSHeader, verifyOfferSignatureJWS } from '@x402/extensions/offer-receipt';
import { createPublicClient, erc20Abi, type Hex, http } from 'viem';
import { readLocal } from './local.ts';
import { fromBase64, type PaymentRequired } from './payer.ts';

/** What one offer of a 402 asks for: in nano-dollars, whatever its unit is. */
export interface NamedPrice {
  /** Protocol, scheme and network: `x402 v2 upto eip155:8453`. */
  readonly way: string;
  readonly nanoUsd: bigint;
}

type Offers = Parameters<typeof decodeSignedOffers>[0];
type Signed = PaymentRequired & {
  readonly extensions: { readonly 'offer-receipt': { readonly info: { readonly offers: Offers } } };
};

interface OfferV1 {
  readonly scheme: string;
  readonly network: string;
  readonly maxAmountRequired: string;
  readonly asset: Hex;
}

const NETWORKS_V1: Readonly<Record<string, string>> = { base: 'eip155:8453', 'base-sepolia': 'eip155:84532' };
const NANO_DECIMALS = 9n;
const CENT_DECIMALS = 2n;

/** Every price that a 402 names, in both generations of x402 and in each challenge of MPP, as clients of theirs read it. */
export async function namedPrices(unpaid: Response): Promise<readonly NamedPrice[]> {
  const { accepts } = fromBase64<PaymentRequired>(unpaid.headers.get('payment-required'));
  const second = accepts.map(async ({ scheme, network, amount, asset }) => ({
    way: `x402 v2 ${scheme} ${network}`,
    nanoUsd: nanoUsdOf(amount, await decimalsOf(network, asset)),
  }));
  const body = (await unpaid.clone().json()) as { readonly accepts: readonly OfferV1[] };
  const first = body.accepts.map(async ({ scheme, network, maxAmountRequired, asset }) => ({
    way: `x402 v1 ${scheme} ${network}`,
    nanoUsd: nanoUsdOf(maxAmountRequired, await decimalsOf(NETWORKS_V1[network] ?? network, asset)),
  }));
  return Promise.all([...second, ...first, ...(await challengesOf(unpaid)).map(ofChallenge)]);
}

/** The key that signed every offer of a 402, each for the amount that stands beside it; throws where one is not. */
export async function signerOf(unpaid: Response): Promise<string> {
  const { accepts, extensions } = fromBase64<Signed>(unpaid.headers.get('payment-required'));
  const { offers } = extensions['offer-receipt'].info;
  if (offers.length !== accepts.length) throw new Error(`${offers.length} of ${accepts.length} offers are signed`);
  const signers = offers.map(async (offer, index) => {
    if (offer.format !== 'jws') throw new Error(`an offer is signed as ${offer.format}`);
    const { amount, network } = await verifyOfferSignatureJWS(offer);
    const beside = accepts[index];
    if (amount !== beside?.amount || network !== beside.network)
      throw new Error(`offer ${index} is signed for ${amount}`);
    return extractJWSHeader(offer.signature).kid ?? '';
  });
  const [signer = '', ...others] = new Set(await Promise.all(signers));
  if (signer === '' || others.length > 0) throw new Error('offers are signed by several keys');
  return signer;
}

/** The signed offers of a 402, as the reference implementation of x402 reads them. */
export function signedOffersOf(unpaid: Response) {
  return decodeSignedOffers(
    fromBase64<Signed>(unpaid.headers.get('payment-required')).extensions['offer-receipt'].info.offers,
  );
}

async function challengesOf(unpaid: Response) {
  const { Challenge } = await loadMppx();
  return Challenge.deserializeList(unpaid.headers.get('www-authenticate') ?? '');
}

type Challenge = Awaited<ReturnType<typeof challengesOf>>[number];

async function ofChallenge({ method, intent, request }: Challenge): Promise<NamedPrice> {
  const { amount, currency, methodDetails } = request as {
    readonly amount: string;
    readonly currency: string;
    readonly methodDetails: { readonly chainId?: number };
  };
  if (method === 'stripe') {
    if (currency !== 'usd') throw new Error(`a card is asked for ${currency}`);
    return { way: 'mpp stripe charge', nanoUsd: nanoUsdOf(amount, CENT_DECIMALS) };
  }
  const network = `eip155:${methodDetails.chainId}`;
  return {
    way: `mpp ${method} ${intent} ${network}`,
    nanoUsd: nanoUsdOf(amount, await decimalsOf(network, currency as Hex)),
  };
}

/** Exactly: throws where the amount is no whole number of nano-dollars. */
function nanoUsdOf(amount: string, decimals: bigint): bigint {
  const [scaled, unit] = [BigInt(amount) * 10n ** NANO_DECIMALS, 10n ** decimals];
  if (scaled % unit !== 0n) throw new Error(`${amount} of ${decimals} decimals is no whole number of nano-dollars`);
  return scaled / unit;
}

/** What the token itself says on its chain. */
async function decimalsOf(network: string, asset: Hex): Promise<bigint> {
  const { chains, tempo } = readLocal();
  const known = [...chains, { ...tempo, network: `eip155:${tempo.chainId}` }].find(
    (chain) => chain.network === network,
  );
  if (known === undefined) throw new Error(`the product runs no ${network}`);
  const client = createPublicClient({ transport: http(known.rpcUrl) });
  return BigInt(await client.readContract({ address: asset, abi: erc20Abi, functionName: 'decimals' }));
}
