import type { X402Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import {
  type PaymentPayload,
  type PaymentPayloadV2,
  type Permit2Authorization,
  paymentIdentifier,
  paymentIdentifierKey,
  permit2Address,
  permit2Proxies,
  sameHex,
  toRequirementsV2,
} from '@tollwright/protocols';
import { authorizationTypes, permit2WitnessTypes, uptoPermit2WitnessTypes } from '@x402/evm';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Checked, PriceAmounts } from '../rail.ts';
import { checkPayment } from './check.ts';
import type { X402Payment } from './payment.ts';
import { type QuotedOffer, quoteX402, type Settlers } from './quote.ts';

/** The seconds in which these payments are made and judged. */
export const now = 1_800_000_000n;
export const nowMs = Number(now) * 1_000;
export const resource = { url: 'https://api.example/weather', description: 'Weather', mimeType: 'application/json' };
export const stranger: `0x${string}` = `0x${'99'.repeat(20)}`;
export const account = privateKeyToAccount(generatePrivateKey());
export const wallet: X402Wallet = {
  kind: 'x402',
  network: 'eip155:84532',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  tokenName: 'USDC',
  tokenVersion: '2',
  decimals: 6,
  payTo: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
};

/** A permit for an offer as a client writes it, unsigned. */
export function permitFor(offer: QuotedOffer): Permit2Authorization {
  const { scheme, asset, payTo, amountAtomic, facilitator } = offer;
  const witness = { to: payTo, validAfter: 0n };
  return {
    from: account.address,
    permitted: { token: asset, amount: amountAtomic },
    spender: permit2Proxies[scheme],
    nonce: 0xabcdefn << 200n,
    deadline: now + 300n,
    witness: facilitator === null ? witness : { ...witness, facilitator },
  };
}

/** The payment that pays an offer by a permit, signed by viem with the types of the reference client. */
export async function signedPermit(
  offer: QuotedOffer,
  permit: Permit2Authorization,
  { chainId = 84_532, verifyingContract = permit2Address } = {},
): Promise<PaymentPayloadV2> {
  const { facilitator } = permit.witness;
  const signature = await account.signTypedData({
    domain: { name: 'Permit2', chainId, verifyingContract: verifyingContract as `0x${string}` },
    types: facilitator === undefined ? permit2WitnessTypes : uptoPermit2WitnessTypes,
    primaryType: 'PermitWitnessTransferFrom',
    message: permit as never,
  });
  const accepted = { ...toRequirementsV2(offer), amount: offer.amountAtomic };
  return { x402Version: 2, accepted, payload: { signature, permit2Authorization: permit } };
}

/** The payment that pays an offer by an authorization of the token. */
export async function signedAuthorization(version: 1 | 2, offer: QuotedOffer): Promise<PaymentPayload> {
  const authorization = {
    ...{ from: account.address, to: offer.payTo, value: offer.amountAtomic },
    ...{ validAfter: now - 600n, validBefore: now + 300n, nonce: `0x${'Ab'.repeat(32)}` },
  };
  const signature = await account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: 84_532, verifyingContract: offer.asset as `0x${string}` },
    types: authorizationTypes,
    primaryType: 'TransferWithAuthorization',
    message: authorization as never,
  });
  const payload = { signature, authorization };
  if (version === 1) return { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload };
  return { x402Version: 2, accepted: { ...toRequirementsV2(offer), amount: offer.amountAtomic }, payload };
}

/** The facilitator of these payments. */
export const facilitator = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';
export const settlers: Settlers = { serves: () => true, addressFor: () => facilitator };

export function quoted(of: X402Wallet, priceNanoUsd: bigint, amounts: PriceAmounts = 'fixed'): readonly QuotedOffer[] {
  return quoteX402(settlers, [of], nanoUsd(priceNanoUsd), amounts).offers;
}

export function checked(
  payload: PaymentPayload,
  offers: readonly QuotedOffer[],
  atMs = nowMs,
  asksChain = false,
): Checked<X402Payment> {
  const known = { isFacilitator: (address: string) => sameHex(address, facilitator), asksChain: () => asksChain };
  const declared = { [paymentIdentifierKey]: paymentIdentifier };
  return checkPayment(payload, { offers, resource, nowMs: atMs }, { ...known, declared: () => declared });
}
