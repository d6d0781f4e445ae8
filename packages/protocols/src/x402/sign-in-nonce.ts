import { createHmac, timingSafeEqual } from 'node:crypto';

const randomDigits = 16;
const macDigits = 32;

/** What a nonce is bound to. `scope` is whatever else the challenge was made for; `issuedAt` as the challenge says it. */
export type SignInNonceTerms = {
  readonly domain: string;
  /** The query does not count. */
  readonly uri: string;
  readonly issuedAt: string;
  readonly scope: string;
};

/** A nonce for one challenge, of 8 random bytes: 48 digits that whoever has the key can tell to be its own, for this place and time. */
export function signInNonce(key: Uint8Array, random: Uint8Array, terms: SignInNonceTerms): string {
  const drawn = Buffer.from(random).toString('hex').slice(0, randomDigits).padEnd(randomDigits, '0');
  return `${drawn}${macOf(key, drawn, terms)}`;
}

/** Whether one of these keys made a nonce for this place and time. */
export function isSignInNonce(keys: readonly Uint8Array[], nonce: string, terms: SignInNonceTerms): boolean {
  if (nonce.length !== randomDigits + macDigits) return false;
  if (!/^[0-9a-f]*$/.test(nonce)) return false;
  const [drawn, mac] = [nonce.slice(0, randomDigits), Buffer.from(nonce.slice(randomDigits))];
  return keys.some((key) => timingSafeEqual(mac, Buffer.from(macOf(key, drawn, terms))));
}

function macOf(key: Uint8Array, drawn: string, { domain, uri, issuedAt, scope }: SignInNonceTerms): string {
  const said = JSON.stringify([drawn, domain, uri.replace(/[?#].*$/s, ''), issuedAt, scope]);
  return createHmac('sha256', key).update(said).digest('hex').slice(0, macDigits);
}
