import type { X402Wallet } from '@tollwright/contracts';
import {
  type Eip3009Payload,
  type PaymentPayload,
  serializePaymentPayload,
  toRequirementsV2,
} from '@tollwright/protocols';
import { authorizationTypes } from '@x402/evm';
import { describe, expect, it } from 'vitest';
import { parseCredential } from './credential.ts';
import type { QuotedOffer } from './quote.ts';
import { account, checked, now, quoted, stranger, wallet } from './signing-harness.ts';

const nonce: `0x${string}` = `0x${'Ab'.repeat(32)}`;
const mandate = {
  from: account.address as `0x${string}`,
  to: wallet.payTo as `0x${string}`,
  value: 10_000n,
  validAfter: now - 600n,
  validBefore: now + 300n,
  nonce,
};

function offerOf(priceNanoUsd: bigint, terms: X402Wallet = wallet): QuotedOffer {
  const [first] = quoted(terms, priceNanoUsd);
  if (first === undefined) throw new Error('nothing is offered');
  return first;
}

const offer = offerOf(10_000_000n);

async function signed(version: 1 | 2, changes: Partial<typeof mandate> = {}, chainId = 84_532) {
  const authorization = { ...mandate, ...changes };
  const signature = await account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId, verifyingContract: wallet.asset as `0x${string}` },
    primaryType: 'TransferWithAuthorization',
    types: authorizationTypes,
    message: authorization,
  });
  const payload: Eip3009Payload = { signature, authorization };
  if (version === 1) return { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload } as const;
  const accepted = { ...toRequirementsV2(offer), amount: offer.amountAtomic };
  return { x402Version: 2, accepted, payload } as const;
}

const check = (payload: PaymentPayload, offers: readonly QuotedOffer[] = [offer]) => checked(payload, offers);

describe('what a payment says it is for', () => {
  it.each([
    ['the same path of another host, with another query', 'https://proxy.example/weather?city=Porto', 'accepted'],
    ['what is no address', 'weather', 'accepted'],
    ['another path', 'https://api.example/quotes/TOLL', 'refused'],
  ])('%s', async (_what, url, kind) => {
    const payment = await signed(2);
    if (payment.x402Version !== 2) throw new Error('another version');
    const result = check({ ...payment, resource: { url } });
    expect(result.kind).toBe(kind);
    if (result.kind === 'refused') expect(result.reason).toBe('resource_mismatch');
  });
});

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
