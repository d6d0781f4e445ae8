import { describe, expect, it } from 'vitest';
import { toChallengeFields } from './challenge.ts';
import { type MppCredential, parseCredential, serializeCredential } from './credential.ts';
import { type MppKeyRing, mppKeyRing } from './key-ring.ts';
import { issueChallenge, prepareOffer } from './offer.ts';
import { verifyChallenge } from './verify-challenge.ts';

const old = 'the secret of last month, 32 bytes';
const current = 'the secret of this month, 32 bytes';
const expiresAtMs = Date.parse('2026-03-01T12:05:00Z');
const request = { amount: '1', currency: 'usd' };

function answerTo(keyRing: MppKeyRing, change: Partial<MppCredential['challenge']> = {}): MppCredential {
  const offer = { realm: 'r', method: 'stripe', intent: 'charge', request, header: 'Payment-Authorization' };
  const prepared = prepareOffer({ ...offer, description: 'One call' });
  if (prepared.kind === 'malformed') throw new Error(prepared.reason);
  const issued = issueChallenge(prepared.value, keyRing, { expiresAtMs, digest: 'sha-256=:x=:', opaque: 'e30' });
  if (issued.kind === 'malformed') throw new Error(issued.reason);
  const credential = {
    challenge: { ...toChallengeFields(issued.value.challenge), ...change },
    payload: { spt: 'spt_1' },
  };
  const read = parseCredential(serializeCredential(credential));
  if (read.kind === 'malformed') throw new Error(read.reason);
  return read.value;
}

describe('verifyChallenge', () => {
  const ring = mppKeyRing(current, [old]);

  it('knows what the current secret and a previous one made, and gives the request', () => {
    const ok = { kind: 'ok', request };
    expect(verifyChallenge(answerTo(mppKeyRing(current)), ring, expiresAtMs - 1)).toEqual(ok);
    expect(verifyChallenge(answerTo(mppKeyRing(old)), ring, expiresAtMs - 1)).toEqual(ok);
  });

  it('does not know what another secret made, nor one that was given up', () => {
    const invalid = { kind: 'invalid-challenge' };
    expect(verifyChallenge(answerTo(mppKeyRing('x'.repeat(32))), ring, 0)).toEqual(invalid);
    expect(verifyChallenge(answerTo(mppKeyRing(old)), mppKeyRing(current), 0)).toEqual(invalid);
  });

  it('is expired at the moment that it names, and only then if it is ours', () => {
    const expires = new Date(expiresAtMs).toISOString();
    const ours = answerTo(ring);
    expect(verifyChallenge(ours, ring, expiresAtMs)).toEqual({ kind: 'payment-expired', expires });
    expect(verifyChallenge(ours, ring, Number.NaN)).toEqual({ kind: 'payment-expired', expires });
    const foreign = answerTo(mppKeyRing('x'.repeat(32)));
    expect(verifyChallenge(foreign, ring, expiresAtMs)).toEqual({ kind: 'invalid-challenge' });
  });

  it('takes no notice of the description', () => {
    expect(verifyChallenge(answerTo(ring, { description: 'Free!' }), ring, 0).kind).toBe('ok');
    expect(verifyChallenge(answerTo(ring, { description: undefined }), ring, 0).kind).toBe('ok');
  });

  it.each<[string, Partial<MppCredential['challenge']>]>([
    ['another realm', { realm: 's' }],
    ['another method', { method: 'evm' }],
    ['another intent', { intent: 'session' }],
    ['another request', { request: 'eyJhbW91bnQiOiIwIn0' }],
    ['a later end', { expires: '2027-03-01T12:05:00.000Z' }],
    ['the same end in other words', { expires: '2026-03-01T12:05:00Z' }],
    ['another digest', { digest: 'sha-256=:y=:' }],
    ['no digest', { digest: undefined }],
    ['another opaque', { opaque: 'e3x' }],
    ['no opaque', { opaque: undefined }],
    ['another header', { header: 'X-Payment' }],
    ['no header', { header: undefined }],
    ['the header in the place of the opaque', { header: undefined, opaque: 'Payment-Authorization' }],
    ['another id', { id: 'A'.repeat(43) }],
    ['a short id', { id: 'A' }],
    ['an id beyond ASCII', { id: 'ä'.repeat(43) }],
  ])('refuses %s', (_what, change) => {
    expect(verifyChallenge(answerTo(ring, change), ring, 0)).toEqual({ kind: 'invalid-challenge' });
  });
});
