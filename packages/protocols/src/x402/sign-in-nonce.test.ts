import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignInNonce, type SignInNonceTerms, signInNonce } from './sign-in-nonce.ts';

const key = randomBytes(32);
const terms: SignInNonceTerms = {
  domain: 'gateway.test',
  uri: 'https://gateway.test/acme/weather?city=a',
  issuedAt: '2027-01-15T08:00:00.000Z',
  scope: 'rte_1',
};
const nonce = signInNonce(key, randomBytes(8), terms);

describe('the nonce of a sign-in', () => {
  it('has letters and digits only, and is another each time', () => {
    expect(nonce).toMatch(/^[a-z0-9]{48}$/);
    expect(signInNonce(key, randomBytes(8), terms)).not.toBe(nonce);
  });

  it('is known by whoever has the key, whatever the query, and after a rotation', () => {
    const uri = 'https://gateway.test/acme/weather';
    expect(isSignInNonce([randomBytes(32), key], nonce, { ...terms, uri })).toBe(true);
  });

  it.each<[string, Partial<SignInNonceTerms>]>([
    ['domain', { domain: 'evil.test' }],
    ['path', { uri: 'https://gateway.test/acme/forecast' }],
    ['time', { issuedAt: '2027-01-15T09:00:00.000Z' }],
    ['route', { scope: 'rte_2' }],
  ])('is not one of another %s', (_what, change) => {
    expect(isSignInNonce([key], nonce, { ...terms, ...change })).toBe(false);
  });

  it('is none of another key, none that was altered, and none of another length', () => {
    expect(isSignInNonce([randomBytes(32)], nonce, terms)).toBe(false);
    for (let at = 0; at < nonce.length; at += 1) {
      const altered = `${nonce.slice(0, at)}${nonce[at] === '0' ? '1' : '0'}${nonce.slice(at + 1)}`;
      expect(isSignInNonce([key], altered, terms)).toBe(false);
    }
    for (const other of ['', nonce.slice(1), `${nonce}0`, 'é'.repeat(48)]) {
      expect(isSignInNonce([key], other, terms)).toBe(false);
    }
  });
});
