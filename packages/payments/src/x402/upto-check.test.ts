import { parsePaymentPayloadV2, permit2Proxies, toRequirementsV2 } from '@tollwright/protocols';
import { UptoEvmScheme } from '@x402/evm/upto/client';
import { describe, expect, it } from 'vitest';
import { type QuotedOffer, quoteX402 } from './quote.ts';
import {
  account,
  checked,
  facilitator,
  nowMs,
  permitFor,
  quoted,
  settlers,
  signedPermit,
  stranger,
  wallet,
} from './signing-harness.ts';

const permitted = { ...wallet, transferMethods: ['eip3009', 'permit2'] } as const;
const taking = { ...permitted, transferMethods: [...permitted.transferMethods] };
const [offer] = quoted(taking, 50_000_000n, 'variable') as readonly [QuotedOffer];
const permit = permitFor(offer);

describe('quote of a ceiling', () => {
  it('is one offer of scheme upto, which names who settles', () => {
    expect(toRequirementsV2(offer)).toMatchObject({
      ...{ scheme: 'upto', amount: '50000' },
      extra: { name: 'USDC', version: '2', assetTransferMethod: 'permit2', facilitatorAddress: facilitator },
    });
  });

  it.each([
    ['a wallet takes no permits', { ...wallet, transferMethods: ['eip3009' as const] }, settlers],
    ['nobody settles it there', taking, { ...settlers, addressFor: () => null }],
  ])('is left out where %s', (_what, of, by) => {
    expect(quoteX402(by, [of], offer.priceNanoUsd, 'variable')).toEqual({
      offers: [],
      leftOut: [{ rail: 'x402', network: wallet.network, reason: 'nobody-settles' }],
    });
  });
});

describe('quote of a fixed price', () => {
  const other = { ...wallet, network: 'eip155:8453' };
  const fixed = (of: Parameters<typeof quoteX402>[1], by = settlers) =>
    quoteX402(by, of, offer.priceNanoUsd, 'fixed').offers;

  it('is the same price by upto, of which all is taken, after every offer of exact', () => {
    const offers = fixed([wallet, other]);
    expect(offers.map(({ scheme, network }) => `${scheme} ${network}`)).toEqual([
      ...[`exact ${wallet.network}`, `exact ${other.network}`, `upto ${wallet.network}`, `upto ${other.network}`],
    ]);
    expect(new Set(offers.map(({ amountAtomic }) => amountAtomic))).toEqual(new Set([50_000n]));
    expect(offers.filter(({ isCeiling }) => isCeiling)).toEqual([]);
  });

  it('is by exact alone where a wallet takes no permits, or nobody settles upto', () => {
    const schemes = (offers: ReturnType<typeof fixed>) => offers.map(({ scheme }) => scheme);
    expect(schemes(fixed([{ ...wallet, transferMethods: ['eip3009' as const] }]))).toEqual(['exact']);
    expect(schemes(fixed([wallet], { ...settlers, addressFor: () => null }))).toEqual(['exact']);
  });
});

describe('check of a ceiling', () => {
  it('accepts what the reference client signs', async () => {
    const requirements = toRequirementsV2(offer);
    const made = await new UptoEvmScheme(account).createPaymentPayload(2, requirements as never);
    const read = parsePaymentPayloadV2(
      Buffer.from(JSON.stringify({ ...made, accepted: requirements })).toString('base64'),
    );
    if (read.kind === 'malformed') throw new Error(read.reason);
    expect(checked(read.value, [offer], Date.now())).toMatchObject({
      kind: 'accepted',
      payment: { scheme: 'upto', facilitator: facilitator.toLowerCase(), details: { permittedAtomic: '50000' } },
    });
  });

  it('accepts another address of ours than the offer of today names', async () => {
    const renamed = { ...offer, facilitator: stranger };
    expect(checked(await signedPermit(offer, permit), [renamed]).kind).toBe('accepted');
  });

  const { witness } = permit;
  it.each([
    [
      'a facilitator that is none of ours',
      { witness: { ...witness, facilitator: stranger } },
      'upto_facilitator_mismatch',
    ],
    ['another ceiling', { permitted: { ...permit.permitted, amount: 50_001n } }, 'permit2_amount_mismatch'],
    ['the spender of exact', { spender: permit2Proxies.exact }, 'invalid_permit2_spender'],
    ['a payer who did not sign', { from: stranger }, 'invalid_permit2_signature'],
  ])('refuses %s', async (_what, change, reason) => {
    const signed = await signedPermit(offer, { ...permit, ...change });
    expect(checked(signed, [offer], nowMs)).toEqual({ kind: 'refused', reason });
  });

  it('refuses a ceiling where a fixed amount is asked, and the other way round', async () => {
    const [, exact] = quoted(taking, 50_000_000n) as readonly [QuotedOffer, QuotedOffer];
    const refusal = { kind: 'refused', reason: 'unsupported_scheme' };
    expect(checked(await signedPermit(offer, permit), [exact])).toEqual(refusal);
    expect(checked(await signedPermit(exact, permitFor(exact)), [offer])).toEqual(refusal);
  });

  it('cannot be read when the signed words are those of the other scheme', async () => {
    const { accepted, payload } = await signedPermit(offer, permit);
    const exact = { ...accepted, scheme: 'exact', amount: '50000' };
    const text = JSON.stringify({ x402Version: 2, accepted: exact, payload }, (_name, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    expect(parsePaymentPayloadV2(Buffer.from(text).toString('base64')).kind).toBe('malformed');
  });
});
