import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase58 } from './base58.ts';
import type { X402Offer } from './offer.ts';
import { signedOffers, signedReceipt } from './offer-receipt.ts';
import { statementSigner, verifyStatement } from './statement-signer.ts';

/** The first test key of RFC 8032, section 7.1. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const signer = statementSigner(seed);
const offer: X402Offer = {
  ...{ scheme: 'exact', transferMethod: 'eip3009', facilitator: null, network: 'eip155:84532', asset: '0xa5' },
  ...{ tokenName: 'USDC', tokenVersion: '2', payTo: '0xc1', amountAtomic: 10_000n, maxTimeoutSeconds: 300 },
};

describe('statements', () => {
  it('are signed by the key of the seed, which the key id holds', () => {
    const x = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex').toString(
      'base64url',
    );
    expect(signer.publicKey).toEqual({
      ...{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', x },
      kid: 'did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw',
    });
    expect(() => statementSigner(seed.subarray(1))).toThrow(RangeError);
  });

  it('verify as they were signed, and not when a character was changed, or by another key', () => {
    const jws = signer.sign({ b: 1, a: 'ü' });
    expect(verifyStatement(jws, signer.publicKey)).toEqual({ a: 'ü', b: 1 });
    expect(verifyStatement(jws, statementSigner(Buffer.alloc(32, 1)).publicKey)).toBeNull();
    const [header = '', payload = ''] = jws.split('.');
    for (const text of ['', '..', `${header}.${payload}`, `${jws}.`, 'a.b.c']) {
      expect(verifyStatement(text, signer.publicKey)).toBeNull();
    }
    fc.assert(
      fc.property(
        fc.nat({ max: header.length + payload.length - 2 }),
        fc.constantFrom('A', 'z', '7'),
        (at, character) => {
          fc.pre(jws[at] !== character);
          expect(verifyStatement(jws.slice(0, at) + character + jws.slice(at + 1), signer.publicKey)).toBeNull();
        },
      ),
    );
  });

  it('of offers are one for each, in their order', () => {
    const { info } = signedOffers(
      signer,
      [offer, { ...offer, amountAtomic: 2n }],
      'https://api.example/a',
      1_800_000_300,
    );
    const offers = info.offers as { format: string; acceptIndex: number; signature: string }[];
    expect(offers.map(({ format, acceptIndex }) => [format, acceptIndex])).toEqual([
      ['jws', 0],
      ['jws', 1],
    ]);
    expect(verifyStatement(offers[1]?.signature ?? '', signer.publicKey)).toEqual({
      ...{ version: 1, resourceUrl: 'https://api.example/a', scheme: 'exact', network: 'eip155:84532' },
      ...{ asset: '0xa5', payTo: '0xc1', amount: '2', validUntil: 1_800_000_300 },
    });
  });

  it('of receipts say who paid for what, and when', () => {
    const paid = { network: 'eip155:84532', resourceUrl: 'https://api.example/a', payer: '0xb0', transaction: '0x0c' };
    const { info } = signedReceipt(signer, { ...paid, issuedAt: 1_800_000_000 });
    const { signature } = info.receipt as { signature: string };
    expect(verifyStatement(signature, signer.publicKey)).toEqual({ version: 1, ...paid, issuedAt: 1_800_000_000 });
  });
});

describe('toBase58', () => {
  it.each([
    ['', ''],
    ['00', '1'],
    ['0000287fb4cd', '11233QC4'],
    ['48656c6c6f20576f726c6421', '2NEpo7TZRRrLZSi2U'],
  ])('writes %s', (hex, text) => {
    expect(toBase58(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
