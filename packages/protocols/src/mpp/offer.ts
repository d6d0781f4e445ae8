import { malformed, ok, type Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { base64url, encodeCanonical } from './base64url-json.ts';
import { authParams, type MppChallenge, withinLength } from './challenge.ts';
import { challengeFields, digestForm } from './challenge-fields.ts';
import { bindingInput, challengeId } from './challenge-id.ts';
import type { MppKeyRing } from './key-ring.ts';

/** One way to pay: what all challenges for it have in common. */
export type MppOffer = Pick<MppChallenge, 'realm' | 'method' | 'intent' | 'request' | 'description' | 'header'>;

/** An offer, checked and written as far as it can be. Make one per price and keep it. */
export type PreparedOffer = {
  readonly offer: MppOffer;
  readonly requestEncoded: string;
  /** The parameters that do not change, for `WWW-Authenticate`. */
  readonly written: string;
};

/** What is new in each challenge. */
export type MppTerms = {
  readonly expiresAtMs: number;
  /** Of the request's body: bodyDigest. */
  readonly digest?: string | undefined;
  /** What comes back with the credential: encodeOpaque. */
  readonly opaque?: string | undefined;
};

/** A challenge and the value of its header. */
export type IssuedChallenge = { readonly challenge: MppChallenge; readonly header: string };

const offerFields = challengeFields.omit({ id: true, expires: true, digest: true, opaque: true });
/** Past the year 9999, times are written otherwise. */
const timeMax = 253_402_300_799_999;

/** Checks an offer and writes what its challenges have in common. Malformed when no client could read them. */
export function prepareOffer(offer: MppOffer): Parsed<PreparedOffer> {
  const request = encodeCanonical(offer.request);
  if (request.kind === 'malformed') return malformed(`request: ${request.reason}`);
  const fields = parseBy(offerFields, { ...offer, request: request.value }, 'offer');
  if (fields.kind === 'malformed') return fields;
  return ok({ offer, requestEncoded: request.value, written: authParams(fields.value) });
}

/** Makes a challenge. Its id binds all but the description, by the key ring's current secret. */
export function issueChallenge(prepared: PreparedOffer, keyRing: MppKeyRing, terms: MppTerms): Parsed<IssuedChallenge> {
  const { digest, opaque, expiresAtMs } = terms;
  if (!(expiresAtMs >= 0 && expiresAtMs <= timeMax)) return malformed('expires: must be a time');
  if (digest !== undefined && !digestForm.test(digest)) return malformed('digest: must be a digest');
  if (opaque !== undefined && !base64url.test(opaque)) return malformed('opaque: must be base64url without padding');
  const { realm, method, intent, request, description, header } = prepared.offer;
  const { requestEncoded } = prepared;
  const expires = new Date(expiresAtMs).toISOString();
  const bound = { realm, method, intent, request: requestEncoded, header, expires, digest, opaque };
  const id = challengeId(keyRing[0], bindingInput(bound));
  // None of these needs escapes, so that they need no second look for them.
  const first = `Payment id="${id}", ${prepared.written}, expires="${expires}"`;
  const second = digest === undefined ? first : `${first}, digest="${digest}"`;
  const written = withinLength(opaque === undefined ? second : `${second}, opaque="${opaque}"`);
  if (written.kind === 'malformed') return written;
  const challenge = {
    id,
    realm,
    method,
    intent,
    request,
    requestEncoded,
    expires,
    digest,
    opaque,
    description,
    header,
  };
  return ok({ challenge, header: written.value });
}
