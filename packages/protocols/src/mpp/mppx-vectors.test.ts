import { describe, expect, it } from 'vitest';
import { recoverSigner } from '../evm/recover-signer.ts';
import { bodyDigest } from './body-digest.ts';
import { type MppChallenge, serializeChallenge } from './challenge.ts';
import { parseCredential, serializeCredential } from './credential.ts';
import { evmChargeNonce } from './evm-charge.ts';
import { mppKeyRing } from './key-ring.ts';
import { issueChallenge, type MppOffer, type MppTerms, prepareOffer } from './offer.ts';
import { decodeScope, encodeOpaque } from './opaque.ts';
import { parseChallenges } from './parse-challenges.ts';
import { parseReceipt, serializeReceipt } from './receipt.ts';
import { verifyChallenge } from './verify-challenge.ts';
import { channelIdOf, voucherDigest } from './voucher.ts';

/** Everything that is written here in full was made by mppx 0.11.0, on viem 2.57.20. */
const keyRing = mppKeyRing('a secret of thirty-two bytes ok!');
const expires = '2026-03-01T12:05:00.000Z';
const before = Date.parse(expires) - 1;
const offer: MppOffer = {
  realm: 'api.example.com',
  method: 'stripe',
  intent: 'charge',
  request: {
    currency: 'usd',
    amount: '100',
    methodDetails: { paymentMethodTypes: ['card'], networkId: 'profile_1' },
  },
};
const request =
  'eyJhbW91bnQiOiIxMDAiLCJjdXJyZW5jeSI6InVzZCIsIm1ldGhvZERldGFpbHMiOnsibmV0d29ya0lkIjoicHJvZmlsZV8xIiwicGF5bWVudE1ldGhvZFR5cGVzIjpbImNhcmQiXX19';
const opaque = 'eyJrZXkiOiIiLCJtZXRob2QiOiJQT1NUIiwicHJpY2UiOiIxIiwicm91dGUiOiJyMSIsInRlbmFudCI6InQxIn0';
const digest = 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:';
const description = 'Ein "Tee" für \\ 1 €';
const header = 'Payment-Authorization';

const plain = {
  id: '9dnXHH7nvHnFZ9qHyNfquj4SSGNKutrxNy6_MBEw4P0',
  header: `Payment id="9dnXHH7nvHnFZ9qHyNfquj4SSGNKutrxNy6_MBEw4P0", realm="api.example.com", method="stripe", intent="charge", request="${request}", expires="2026-03-01T12:05:00.000Z"`,
  credential:
    'Payment eyJjaGFsbGVuZ2UiOnsiZXhwaXJlcyI6IjIwMjYtMDMtMDFUMTI6MDU6MDAuMDAwWiIsImlkIjoiOWRuWEhIN252SG5GWjlxSHlOZnF1ajRTU0dOS3V0cnhOeTZfTUJFdzRQMCIsImludGVudCI6ImNoYXJnZSIsIm1ldGhvZCI6InN0cmlwZSIsInJlYWxtIjoiYXBpLmV4YW1wbGUuY29tIiwicmVxdWVzdCI6ImV5SmhiVzkxYm5RaU9pSXhNREFpTENKamRYSnlaVzVqZVNJNkluVnpaQ0lzSW0xbGRHaHZaRVJsZEdGcGJITWlPbnNpYm1WMGQyOXlhMGxrSWpvaWNISnZabWxzWlY4eElpd2ljR0Y1YldWdWRFMWxkR2h2WkZSNWNHVnpJanBiSW1OaGNtUWlYWDE5In0sInBheWxvYWQiOnsic3B0Ijoic3B0XzEifX0',
};
const whole = {
  id: '_t1olnMGusMt6ZcfPKc8RDoNoEG81I7eIpm94OSYaKs',
  header: `Payment id="_t1olnMGusMt6ZcfPKc8RDoNoEG81I7eIpm94OSYaKs", realm="api.example.com", method="stripe", intent="charge", request="${request}", description="Ein \\"Tee\\" für \\\\ 1 \\u20ac", digest="${digest}", expires="2026-03-01T12:05:00.000Z", header="Payment-Authorization", opaque="${opaque}"`,
  credential:
    'Payment eyJjaGFsbGVuZ2UiOnsiZGVzY3JpcHRpb24iOiJFaW4gXCJUZWVcIiBmw7xyIFxcIDEg4oKsIiwiZGlnZXN0Ijoic2hhLTI1Nj06WDQ4RTlxT29rcXFydmR0czhuT0pSSk4zT1dEVW95V3hCZjdrYnU5REJQRT06IiwiZXhwaXJlcyI6IjIwMjYtMDMtMDFUMTI6MDU6MDAuMDAwWiIsImhlYWRlciI6IlBheW1lbnQtQXV0aG9yaXphdGlvbiIsImlkIjoiX3Qxb2xuTUd1c010NlpjZlBLYzhSRG9Ob0VHODFJN2VJcG05NE9TWWFLcyIsImludGVudCI6ImNoYXJnZSIsIm1ldGhvZCI6InN0cmlwZSIsInJlYWxtIjoiYXBpLmV4YW1wbGUuY29tIiwib3BhcXVlIjoiZXlKclpYa2lPaUlpTENKdFpYUm9iMlFpT2lKUVQxTlVJaXdpY0hKcFkyVWlPaUl4SWl3aWNtOTFkR1VpT2lKeU1TSXNJblJsYm1GdWRDSTZJblF4SW4wIiwicmVxdWVzdCI6ImV5SmhiVzkxYm5RaU9pSXhNREFpTENKamRYSnlaVzVqZVNJNkluVnpaQ0lzSW0xbGRHaHZaRVJsZEdGcGJITWlPbnNpYm1WMGQyOXlhMGxrSWpvaWNISnZabWxzWlY4eElpd2ljR0Y1YldWdWRFMWxkR2h2WkZSNWNHVnpJanBiSW1OaGNtUWlYWDE5In0sInBheWxvYWQiOnsic3B0Ijoic3B0XzEifX0',
};

function issue(from: MppOffer, terms: Omit<MppTerms, 'expiresAtMs'> = {}): MppChallenge {
  const prepared = prepareOffer(from);
  if (prepared.kind === 'malformed') throw new Error(prepared.reason);
  const issued = issueChallenge(prepared.value, keyRing, { expiresAtMs: Date.parse(expires), ...terms });
  if (issued.kind === 'malformed') throw new Error(issued.reason);
  expect(serializeChallenge(issued.value.challenge).kind).toBe('ok');
  expect(parseChallenges(issued.value.header)).toEqual([{ kind: 'ok', value: issued.value.challenge }]);
  return issued.value.challenge;
}

describe('what mppx made', () => {
  it('challenge: has the id that we give it', () => {
    expect(issue(offer).id).toBe(plain.id);
    expect(issue({ ...offer, description, header }, { digest, opaque }).id).toBe(whole.id);
  });

  it('challenge: reads as the one that we make', () => {
    expect(parseChallenges(plain.header)).toEqual([{ kind: 'ok', value: issue(offer) }]);
    const ours = issue({ ...offer, description, header }, { digest, opaque });
    expect(parseChallenges(whole.header)).toEqual([{ kind: 'ok', value: ours }]);
    expect(ours.requestEncoded).toBe(request);
  });

  it.each([
    ['plain', plain],
    ['whole', whole],
  ])('credential: is read, and its challenge is ours (%s)', (_name, { credential, id }) => {
    const read = parseCredential(credential);
    if (read.kind === 'malformed') throw new Error(read.reason);
    expect([read.value.challenge.id, read.value.payload]).toEqual([id, { spt: 'spt_1' }]);
    expect(verifyChallenge(read.value, keyRing, before)).toEqual({ kind: 'ok', request: offer.request });
    expect(parseCredential(serializeCredential(read.value))).toEqual(read);
  });

  it('opaque: is the one that we write', () => {
    const scope = { tenant: 't1', route: 'r1', method: 'POST', price: '1', key: '' };
    expect(encodeOpaque(scope)).toEqual({ kind: 'ok', value: opaque });
    expect(decodeScope(opaque)).toEqual({ kind: 'ok', value: scope });
  });

  it('digest: is ours but for the colons of RFC 9530', () => {
    const theirs = 'sha-256=Bxp4xJtbVfsB9npD5AEWUnIk76Cuv8Au4ECDA+F0biY=';
    expect(bodyDigest(Buffer.from('{"amount":"1000"}')).replaceAll(':', '')).toBe(theirs);
  });

  it('receipt: is read, of a charge and of a session', () => {
    const charge = parseReceipt(
      'eyJtZXRob2QiOiJzdHJpcGUiLCJyZWZlcmVuY2UiOiJwaV8xIiwiZXh0ZXJuYWxJZCI6Im9yZGVyIDciLCJzdGF0dXMiOiJzdWNjZXNzIiwidGltZXN0YW1wIjoiMjAyNi0wMy0wMVQxMjowMDowMC4wMDBaIn0',
    );
    const paid = { status: 'success', method: 'stripe', reference: 'pi_1', externalId: 'order 7' };
    expect(charge).toEqual({ kind: 'ok', value: { ...paid, timestamp: '2026-03-01T12:00:00.000Z' } });
    const session = parseReceipt(
      'eyJtZXRob2QiOiJ0ZW1wbyIsImludGVudCI6InNlc3Npb24iLCJzdGF0dXMiOiJzdWNjZXNzIiwidGltZXN0YW1wIjoiMjAyNi0wMy0wMVQxMjowMDowMC4wMDBaIiwicmVmZXJlbmNlIjoiMHg0YjE3OThjM2RkNDc3ODlmMWYzZmFiNmVkYjFhMzczOTUxZTM5NTg3YTQ1NDdhNWE5MTdmZTEyYTUwY2YxMGUwIiwiY2hhbGxlbmdlSWQiOiJ4N1RnMnBMcVI5bUt2TndZM2hCY1phIiwiY2hhbm5lbElkIjoiMHg0YjE3OThjM2RkNDc3ODlmMWYzZmFiNmVkYjFhMzczOTUxZTM5NTg3YTQ1NDdhNWE5MTdmZTEyYTUwY2YxMGUwIiwiYWNjZXB0ZWRDdW11bGF0aXZlIjoiMzEwMDAwIiwic3BlbnQiOiIzMDAwMDAiLCJ1bml0cyI6MzAsInR4SGFzaCI6IjB4MDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMzAzMDMwMyJ9',
    );
    if (session.kind === 'malformed') throw new Error(session.reason);
    expect(session.value).toMatchObject({ acceptedCumulative: 310_000n, spent: 300_000n, units: 30 });
    expect(parseReceipt(serializeReceipt(session.value))).toEqual(session);
  });

  it('nonce: of an evm charge is the one that we want', () => {
    expect(evmChargeNonce({ id: 'x7Tg2pLqR9mKvNwY3hBcZa', realm: 'api.example.com' })).toBe(
      '0xbb23d7f8b42a669f3c17808bf86bf47ea0823aa4667faa4aab2fc70697ec44f0',
    );
  });

  it('voucher: is of the channel, has the digest and the signer that we find', () => {
    const channelId = channelIdOf(42_431n, {
      payer: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      payee: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC',
      operator: `0x${'00'.repeat(20)}`,
      token: '0x20c0000000000000000000000000000000000000',
      salt: `0x${'01'.repeat(32)}`,
      authorizedSigner: `0x${'00'.repeat(20)}`,
      expiringNonceHash: `0x${'02'.repeat(32)}`,
    });
    expect(channelId).toBe('0x4b1798c3dd47789f1f3fab6edb1a373951e39587a4547a5a917fe12a50cf10e0');
    const signed = voucherDigest(42_431n, { channelId, cumulativeAmount: 310_000n });
    expect(Buffer.from(signed).toString('hex')).toBe(
      'fe5ec9db3f096ab77ea17ab8b5a9cbf37c26fdf133e12130855d1dc2d0792213',
    );
    const signature =
      '0x4269abe103dbd007f6be8759497e9d15059900f70f963fc3ce096e9820f1a78e756d10acaa1479e1996fea5675075f06d7cc2e60daf7371096183c720adf64e11b';
    expect(recoverSigner(signed, signature)).toBe('0x70997970c51812dc3a010c7d01b50e0d17dc79c8');
    const more = voucherDigest(42_431n, { channelId, cumulativeAmount: 310_001n });
    expect(recoverSigner(more, signature)).not.toBe('0x70997970c51812dc3a010c7d01b50e0d17dc79c8');
  });
});
