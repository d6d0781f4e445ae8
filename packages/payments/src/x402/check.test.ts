import type { X402Wallet } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import { type PaymentPayload, serializePaymentPayload, toRequirementsV2 } from '@tollwright/protocols';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { checkPayment } from './check.ts';
import { parseCredential } from './credential.ts';
import { type QuotedOffer, quoteX402 } from './quote.ts';

const account = privateKeyToAccount(generatePrivateKey());
const wallet: X402Wallet = {
  kind: 'x402',
  network: 'eip155:84532',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  tokenName: 'USDC',
  tokenVersion: '2',
  decimals: 6,
  payTo: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
};
const nowMs = 1_800_000_000_000;
const now = 1_800_000_000n;
const resource = { url: 'https://api.example/weather', description: 'Weather', mimeType: 'application/json' };
const nonce: `0x${string}` = `0x${'Ab'.repeat(32)}`;
const stranger: `0x${string}` = `0x${'99'.repeat(20)}`;
const mandate = {
  from: account.address as `0x${string}`,
  to: wallet.payTo as `0x${string}`,
  value: 10_000n,
  validAfter: now - 600n,
  validBefore: now + 300n,
  nonce,
};

function offerOf(priceNanoUsd: bigint, terms: X402Wallet = wallet): QuotedOffer {
  const quote = quoteX402(terms, nanoUsd(priceNanoUsd));
  if (quote.kind !== 'offered') throw new Error(quote.reason);
  return quote.offer;
}

const offer = offerOf(10_000_000n);

async function signed(
  version: 1 | 2,
  changes: Partial<typeof mandate> = {},
  chainId = 84_532,
): Promise<PaymentPayload> {
  const authorization = { ...mandate, ...changes };
  const signature = await account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId, verifyingContract: wallet.asset as `0x${string}` },
    primaryType: 'TransferWithAuthorization',
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    message: authorization,
  });
  const payload = { signature, authorization };
  if (version === 1) return { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload };
  const accepted = { ...toRequirementsV2(offer), amount: offer.amountAtomic };
  return { x402Version: 2, accepted, payload };
}

const check = (payload: PaymentPayload, offers: readonly QuotedOffer[] = [offer]) =>
  checkPayment(payload, { offers, resource, nowMs });

describe.each([1, 2] as const)('check, version %i', (version) => {
  it('accepts what was offered, and names the claim in lower case', async () => {
    const result = check(await signed(version));
    expect(result).toMatchObject({
      kind: 'accepted',
      payment: {
        protocolVersion: version,
        claimKey: `x402:eip155:84532:${wallet.asset}:${account.address}:${nonce}`.toLowerCase(),
        payer: account.address.toLowerCase(),
        validBeforeMs: Number(now + 300n) * 1_000,
      },
    });
  });

  it.each([
    ['another recipient', { to: stranger }, 'invalid_exact_evm_payload_recipient_mismatch'],
    ['one unit short', { value: 9_999n }, 'invalid_exact_evm_payload_authorization_value_mismatch'],
    ['one unit over', { value: 10_001n }, 'invalid_exact_evm_payload_authorization_value_mismatch'],
    ['expired', { validBefore: now - 1n }, 'invalid_exact_evm_payload_authorization_valid_before'],
    ['five seconds left', { validBefore: now + 5n }, 'invalid_exact_evm_payload_authorization_valid_before'],
    ['not yet valid', { validAfter: now + 1n }, 'invalid_exact_evm_payload_authorization_valid_after'],
    ['a payer who did not sign', { from: stranger }, 'invalid_exact_evm_payload_signature'],
  ])('refuses %s', async (_what, changes, reason) => {
    expect(check(await signed(version, changes))).toEqual({ kind: 'refused', reason });
  });

  it('accepts six seconds left', async () => {
    expect(check(await signed(version, { validBefore: now + 6n })).kind).toBe('accepted');
  });

  it('refuses a signature made for another chain', async () => {
    expect(check(await signed(version, {}, 1))).toEqual({
      kind: 'refused',
      reason: 'invalid_exact_evm_payload_signature',
    });
  });

  it('refuses every altered digit of the signature', async () => {
    const payload = await signed(version);
    for (let at = 2; at < 132; at += 7) {
      const digit = payload.payload.signature[at] === '0' ? '1' : '0';
      const signature = payload.payload.signature.slice(0, at) + digit + payload.payload.signature.slice(at + 1);
      const altered = { ...payload, payload: { ...payload.payload, signature } };
      expect(check(altered)).toEqual({ kind: 'refused', reason: 'invalid_exact_evm_payload_signature' });
    }
  });

  it('refuses a network that was not offered', async () => {
    const elsewhere = offerOf(10_000_000n, { ...wallet, network: 'eip155:8453' });
    expect(check(await signed(version), [elsewhere])).toEqual({ kind: 'refused', reason: 'invalid_network' });
    expect(check(await signed(version), [])).toEqual({ kind: 'refused', reason: 'invalid_network' });
  });

  it('takes the offer that the amount fits, so that an issued price stays good beside a new one', async () => {
    const raised = offerOf(20_000_000n);
    const result = check(await signed(version), [raised, offer]);
    expect(result).toMatchObject({ kind: 'accepted', payment: { offer: { priceNanoUsd: 10_000_000n } } });
  });
});

describe('check, version 2 only', () => {
  it.each([
    ['amount', { amount: 1n }],
    ['asset', { asset: stranger }],
    ['token name', { extra: { name: 'Other', version: '2' } }],
  ])('refuses requirements with another %s than ours', async (_what, changes) => {
    const payload = await signed(2);
    if (payload.x402Version !== 2) throw new Error('version 2 was signed');
    expect(check({ ...payload, accepted: { ...payload.accepted, ...changes } })).toEqual({
      kind: 'refused',
      reason: 'invalid_payment_requirements',
    });
  });
});

describe('parseCredential', () => {
  it('reads each generation from its own header only', async () => {
    const v1 = serializePaymentPayload(await signed(1));
    const v2 = serializePaymentPayload(await signed(2));
    expect(parseCredential({})).toEqual({ kind: 'none' });
    expect(parseCredential({ 'x-payment': v1 })).toMatchObject({ kind: 'presented', credential: { x402Version: 1 } });
    expect(parseCredential({ 'payment-signature': v2 })).toMatchObject({
      kind: 'presented',
      credential: { x402Version: 2 },
    });
    expect(parseCredential({ 'x-payment': v2 }).kind).toBe('malformed');
    expect(parseCredential({ 'payment-signature': v1 }).kind).toBe('malformed');
    expect(parseCredential({ 'x-payment': v1, 'payment-signature': v2 }).kind).toBe('malformed');
    expect(parseCredential({ 'x-payment': [v1, v1] }).kind).toBe('malformed');
    expect(parseCredential({ 'x-payment': '' }).kind).toBe('malformed');
  });
});
