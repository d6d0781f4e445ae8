import { z } from 'zod';
import { malformed, type Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeObject, encodeBase64url, isObject } from './base64url-json.ts';
import type { JsonObject } from './canonical-json.ts';
import { challengeFields } from './challenge-fields.ts';

/** Longest credential that is read. The specification asks for 4 KB; a signed transaction in hex needs about 2. */
export const credentialCharactersMax = 16_384;

const credential = z.object({
  challenge: challengeFields,
  /** Who pays, such as `did:pkh:eip155:8453:0x…`. Claimed, not proven. */
  source: z.string().max(1_024).optional(),
  payload: z.custom<JsonObject>(isObject, 'must be an object'),
});

/**
 * A client's answer to a challenge: the challenge as it was given, and the proof in the form of its method. Nothing of it
 * is true before verifyChallenge says so; `description` never is.
 */
export type MppCredential = z.output<typeof credential>;

const payment = /^payment +([^ ].*)$/is;

/** Tells whether a value of `Authorization` is of scheme `Payment`, well-formed or not. */
export function isPaymentScheme(header: string): boolean {
  return /^payment(?: |$)/i.test(header);
}

/** Reads the value of `Authorization` or `Payment-Authorization`. Members that are unknown are ignored. */
export function parseCredential(header: string): Parsed<MppCredential> {
  const token = payment.exec(header)?.[1];
  if (token === undefined) return malformed('not of scheme Payment');
  const decoded = decodeObject(token, credentialCharactersMax);
  return decoded.kind === 'malformed' ? decoded : parseBy(credential, decoded.value, 'credential');
}

/** The header value of a credential. */
export function serializeCredential(value: MppCredential): string {
  return `Payment ${encodeBase64url(JSON.stringify(value))}`;
}
