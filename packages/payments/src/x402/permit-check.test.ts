import {
  type PaymentPayload,
  type Permit2Authorization,
  parsePaymentPayloadV2,
  permit2Proxies,
  toRequirementsV2,
} from '@tollwright/protocols';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { describe, expect, it } from 'vitest';
import type { QuotedOffer } from './quote.ts';
import { account, checked, now, nowMs, permitFor, quoted, signedPermit, stranger, wallet } from './signing-harness.ts';

const both = quoted({ ...wallet, transferMethods: ['eip3009', 'permit2'] }, 10_000_000n);
const offer = both[1] as QuotedOffer;
const permit = permitFor(offer);

const check = (payload: PaymentPayload, offers = both, atMs = nowMs) => checked(payload, offers, atMs);

describe('quote', () => {
  it('offers each transfer method that the wallet takes, its own authorizations where it names none', () => {
    const exact = (offers: readonly QuotedOffer[]) => offers.filter(({ scheme }) => scheme === 'exact');
    expect(exact(both).map(({ transferMethod }) => transferMethod)).toEqual(['eip3009', 'permit2']);
    expect(toRequirementsV2(offer).extra).toEqual({ name: 'USDC', version: '2', assetTransferMethod: 'permit2' });
    expect(exact(quoted(wallet, 10_000_000n))).toEqual([both[0]]);
  });
});

describe('check of a permit', () => {
  it('accepts what the reference client signs', async () => {
    const requirements = toRequirementsV2(offer);
    const scheme = new ExactEvmScheme(account);
    const made = await scheme.createPaymentPayload(2, requirements as never);
    const header = Buffer.from(JSON.stringify({ ...made, accepted: requirements })).toString('base64');
    const read = parsePaymentPayloadV2(header);
    if (read.kind === 'malformed') throw new Error(read.reason);
    expect(check(read.value, both, Date.now())).toMatchObject({
      kind: 'accepted',
      payment: { payer: account.address.toLowerCase(), offer, details: { transferMethod: 'permit2' } },
    });
  });

  it('names the claim by the payer and the nonce alone: Permit2 counts nonces over all tokens', async () => {
    const claimKey = `permit2:eip155:84532:${account.address.toLowerCase()}:${permit.nonce}`;
    const nonce = permit.nonce.toString();
    expect(check(await signedPermit(offer, permit))).toMatchObject({
      kind: 'accepted',
      payment: {
        ...{ claimKey, nonce, scheme: 'exact', validBeforeMs: Number(now + 301n) * 1_000 },
        details: { transferMethod: 'permit2', permittedAtomic: '10000', deadline: (now + 300n).toString() },
      },
    });
  });

  const { permitted, witness } = permit;
  const changes: readonly (readonly [what: string, change: Partial<Permit2Authorization>, reason: string])[] = [
    ['another recipient', { witness: { ...witness, to: stranger } }, 'invalid_permit2_recipient_mismatch'],
    ['one unit short', { permitted: { ...permitted, amount: 9_999n } }, 'permit2_amount_mismatch'],
    ['one unit over', { permitted: { ...permitted, amount: 10_001n } }, 'permit2_amount_mismatch'],
    ['another token', { permitted: { ...permitted, token: stranger } }, 'permit2_token_mismatch'],
    ['another spender', { spender: stranger }, 'invalid_permit2_spender'],
    ['the spender of the other scheme', { spender: permit2Proxies.upto }, 'invalid_permit2_spender'],
    ['expired', { deadline: now - 1n }, 'permit2_deadline_expired'],
    ['four seconds left', { deadline: now + 4n }, 'permit2_deadline_expired'],
    ['not yet valid', { witness: { ...witness, validAfter: now + 1n } }, 'permit2_not_yet_valid'],
    ['a payer who did not sign', { from: stranger }, 'invalid_permit2_signature'],
  ];
  it.each(changes)('refuses %s', async (_what, change, reason) => {
    expect(check(await signedPermit(offer, { ...permit, ...change }))).toEqual({ kind: 'refused', reason });
  });

  it.each([
    ['another chain', { chainId: 8_453 }],
    ['another contract than Permit2', { verifyingContract: stranger }],
  ])('refuses a signature made for %s', async (_what, domain) => {
    const signed = await signedPermit(offer, permit, domain);
    expect(check(signed)).toEqual({ kind: 'refused', reason: 'invalid_permit2_signature' });
  });

  it.each([
    ['nonce', { nonce: permit.nonce + 1n }],
    ['deadline', { deadline: permit.deadline + 1n }],
    ['begin', { witness: { ...witness, validAfter: 1n } }],
  ])('refuses another %s than was signed', async (_what, change: Partial<Permit2Authorization>) => {
    const { accepted, payload } = await signedPermit(offer, permit);
    const altered = { signature: payload.signature, permit2Authorization: { ...permit, ...change } };
    expect(check({ x402Version: 2, accepted, payload: altered }).kind).toBe('refused');
  });

  it('refuses a permit where the wallet takes authorizations of the token alone', async () => {
    const signed = await signedPermit(offer, permit);
    expect(check(signed, both.slice(0, 1))).toEqual({ kind: 'refused', reason: 'unsupported_payload_type' });
  });

  it('refuses a client that chose the other transfer method than it signed', async () => {
    const { payload } = await signedPermit(offer, permit);
    const accepted = { ...toRequirementsV2(both[0] as QuotedOffer), amount: offer.amountAtomic };
    expect(check({ x402Version: 2, accepted, payload })).toEqual({
      kind: 'refused',
      reason: 'invalid_payment_requirements',
    });
  });
});
