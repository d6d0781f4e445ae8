import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { ChallengeFields } from './challenge-fields.ts';
import type { MppKeyRing } from './key-ring.ts';

/** What an id binds. */
export type BoundFields = Omit<ChallengeFields, 'id' | 'description'>;

/**
 * The text that an id signs: seven slots joined by `|`, an absent one empty. A `header` other than `Authorization` stands
 * in a slot of its own before the last. No slot holds a `|`, so their number tells the two forms apart. Source:
 * draft-httpauth-payment, "Challenge Binding".
 */
export function bindingInput(fields: BoundFields): string {
  const { realm, method, intent, request, expires, digest = '', opaque = '' } = fields;
  const header = namedHeader(fields.header);
  const last = header === undefined ? opaque : `${header}|${opaque}`;
  return `${realm}|${method}|${intent}|${request}|${expires}|${digest}|${last}`;
}

/** The header that a challenge has to name; undefined for `Authorization`, which is meant without a name. */
export function namedHeader(header: string | undefined): string | undefined {
  return header?.toLowerCase() === 'authorization' ? undefined : header;
}

/** The id of a challenge: HMAC-SHA256 as 43 characters of base64url. */
export function challengeId(key: KeyObject, input: string): string {
  return createHmac('sha256', key).update(input).digest('base64url');
}

/** Tells whether one of our secrets made this id. Takes as long whichever it was, and whichever character is wrong. */
export function isBoundBy(keyRing: MppKeyRing, input: string, id: string): boolean {
  const given = Buffer.from(id, 'utf8');
  let found = false;
  for (const key of keyRing) {
    const wanted = Buffer.from(challengeId(key, input), 'utf8');
    const same = given.length === wanted.length && timingSafeEqual(given, wanted);
    found = same || found;
  }
  return found;
}
