import { describe, expect, it } from 'vitest';
import { mppKeyRing } from './key-ring.ts';
import { issueChallenge, type MppOffer, type MppTerms, prepareOffer } from './offer.ts';
import { encodeOpaque } from './opaque.ts';
import { parseChallenges } from './parse-challenges.ts';

const keyRing = mppKeyRing('0'.repeat(32));
const offer: MppOffer = { realm: 'r', method: 'stripe', intent: 'charge', request: { amount: '1' } };
const expiresAtMs = Date.parse('2026-03-01T12:05:00Z');

function issue(from: MppOffer, terms: MppTerms) {
  const prepared = prepareOffer(from);
  return prepared.kind === 'ok' ? issueChallenge(prepared.value, keyRing, terms) : prepared;
}

describe('offer', () => {
  it.each<[string, Partial<MppOffer>]>([
    ['a realm with |', { realm: 'a|b' }],
    ['a realm beyond ASCII', { realm: 'ä' }],
    ['an empty realm', { realm: '' }],
    ['a method in capitals', { method: 'Stripe' }],
    ['an intent with spaces', { intent: 'a b' }],
    ['a fraction', { request: { amount: 0.1 } }],
    ['a request of more than 16 KiB', { request: { amount: '1'.repeat(12_288) } }],
    ['a line feed in a description', { description: 'a\r\nSet-Cookie: x' }],
    ['a header that is none', { header: 'a: b' }],
  ])('prepareOffer: refuses %s', (_what, change) => {
    expect(prepareOffer({ ...offer, ...change }).kind).toBe('malformed');
  });

  it.each<[string, Partial<MppTerms>]>([
    ['a time that is none', { expiresAtMs: Number.NaN }],
    ['a time past the year 9999', { expiresAtMs: 253_402_300_800_000 }],
    ['a digest with |', { digest: 'sha-256=|' }],
    ['an opaque that is not base64url', { opaque: 'a=' }],
  ])('issueChallenge: refuses %s', (_what, change) => {
    expect(issue(offer, { expiresAtMs, ...change }).kind).toBe('malformed');
  });

  it('issueChallenge: refuses a header of 8 KB, and writes one of a character less', () => {
    const lengthOf = (characters: number) => {
      const issued = issue(
        { ...offer, description: 'x'.repeat(4_000) },
        { expiresAtMs, opaque: 'A'.repeat(characters) },
      );
      return issued.kind === 'ok' ? issued.value.header.length : issued.reason;
    };
    const room = 8_191 - Number(lengthOf(1)) + 1;
    expect(lengthOf(room)).toBe(8_191);
    expect(lengthOf(room + 1)).toBe('a challenge of 8192 characters is longer than 8191');
  });

  it('issueChallenge: writes ASCII only, and every member back', () => {
    const opaque = encodeOpaque({ tenant: 'ü' });
    if (opaque.kind === 'malformed') throw new Error(opaque.reason);
    const whole = { ...offer, description: '"\\é€😀', header: 'Payment-Authorization' };
    const issued = issue(whole, { expiresAtMs, digest: 'sha-256=:x=:', opaque: opaque.value });
    if (issued.kind === 'malformed') throw new Error(issued.reason);
    expect(issued.value.header).toMatch(/^[ -~]+$/);
    expect(parseChallenges(issued.value.header)).toEqual([{ kind: 'ok', value: issued.value.challenge }]);
    expect(issued.value.challenge).toMatchObject({ ...whole, opaque: opaque.value, digest: 'sha-256=:x=:' });
  });

  it('issueChallenge: does not name the header that is meant without a name', () => {
    const issued = issue({ ...offer, header: 'authorization' }, { expiresAtMs });
    const plain = issue(offer, { expiresAtMs });
    if (issued.kind === 'malformed' || plain.kind === 'malformed') throw new Error('not issued');
    expect(issued.value.header).toBe(plain.value.header);
  });
});

describe('mppKeyRing', () => {
  it('refuses a secret of less than 32 bytes, whichever', () => {
    expect(() => mppKeyRing('0'.repeat(31))).toThrow(RangeError);
    expect(() => mppKeyRing('0'.repeat(32), [new Uint8Array(31)])).toThrow(RangeError);
    expect(mppKeyRing('ä'.repeat(16), [new Uint8Array(32)])).toHaveLength(2);
  });
});
