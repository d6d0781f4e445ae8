import { malformed, ok, type Parsed } from '../parsed.ts';
import { parseBy } from '../schema.ts';
import { decodeObject } from './base64url-json.ts';
import type { JsonObject } from './canonical-json.ts';
import { type ChallengeFields, challengeFields, requestCharactersMax } from './challenge-fields.ts';
import { namedHeader } from './challenge-id.ts';

/** A demand for payment, as it stands in `WWW-Authenticate: Payment`. A client answers one of those that it is given. */
export type MppChallenge = Omit<ChallengeFields, 'request'> & {
  /** What the payment method needs to know: amount, currency, recipient. */
  readonly request: JsonObject;
  /** The same as it stands on the wire: base64url over canonical JSON. */
  readonly requestEncoded: string;
};

/** A header value of this length or longer is not written: other servers need not pass it on. */
export const challengeCharactersMax = 8_192;

const special = /["\\]/g;
const beyondAscii = /[^\0-\x7f]/g;

/** The texts of a challenge, as a client echoes them. */
export function toChallengeFields({ request: _, requestEncoded, ...rest }: MppChallenge): ChallengeFields {
  return { ...rest, request: requestEncoded };
}

/** Reads a challenge from its parameters. Unknown ones are ignored. */
export function fromChallengeParameters(parameters: unknown): Parsed<MppChallenge> {
  const read = parseBy(challengeFields, parameters, 'challenge');
  if (read.kind === 'malformed') return read;
  const { request: requestEncoded, ...rest } = read.value;
  const request = decodeObject(requestEncoded, requestCharactersMax);
  return request.kind === 'ok'
    ? ok({ ...rest, request: request.value, requestEncoded })
    : malformed(`request: ${request.reason}`);
}

/** The header value. Malformed when a client could not read it, or when it is too long. */
export function serializeChallenge(challenge: MppChallenge): Parsed<string> {
  const read = parseBy(challengeFields, toChallengeFields(challenge), 'challenge');
  return read.kind === 'ok' ? withinLength(`Payment ${authParams(read.value)}`) : read;
}

/** Refuses a header value that is too long. */
export function withinLength(header: string): Parsed<string> {
  return header.length < challengeCharactersMax
    ? ok(header)
    : malformed(`a challenge of ${header.length} characters is longer than ${challengeCharactersMax - 1}`);
}

/**
 * Writes parameters as quoted strings in ASCII. What is beyond ASCII becomes `\uXXXX`, which HTTP does not know but mppx
 * writes and reads: only a description has any.
 */
export function authParams(fields: Partial<ChallengeFields>): string {
  const { header, ...rest } = fields;
  return Object.entries({ ...rest, header: namedHeader(header) })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}="${quote(value)}"`]))
    .join(', ');
}

function quote(value: string): string {
  return value
    .replace(special, '\\$&')
    .replace(beyondAscii, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
