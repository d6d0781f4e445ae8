import { z } from 'zod';
import { base64url } from './base64url-json.ts';

/** Longest base64url of a request. */
export const requestCharactersMax = 16_384;

/** What is signed is joined by `|`: no part may hold one. */
const bound = z.string().regex(/^[\x20-\x7b\x7d\x7e]+$/, 'must be printable ASCII without |');

/** Such as `sha-256=:…:`. */
export const digestForm = /^[a-z0-9-]{1,32}=[:A-Za-z0-9+/=]{1,200}$/;

const encoded = z.string().max(requestCharactersMax).regex(base64url, 'must be base64url without padding');

/** A moment such as `2026-03-01T12:00:00Z`. */
export const rfc3339 = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, 'must be an RFC 3339 time')
  .refine((text) => Number.isFinite(Date.parse(text)), 'must be a time');

/**
 * The parameters of a challenge as texts: in `WWW-Authenticate`, and echoed in a credential. All but `id` and `description`
 * are bound by the id. Source: draft-httpauth-payment, sections "Challenge" and "Credentials".
 */
export const challengeFields = z.object({
  id: z.string().min(1).max(512),
  realm: bound.max(512),
  /** Such as `stripe`, `evm`, `tempo`. */
  method: z.string().regex(/^[a-z][a-z0-9:_-]{0,63}$/, 'must be lower-case letters'),
  /** Such as `charge`, `session`. */
  intent: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be letters, digits and -'),
  /** Base64url over canonical JSON. */
  request: encoded,
  /** A challenge without an end is refused. */
  expires: rfc3339,
  /** Of the request's body, in the form of `Content-Digest`. */
  digest: z.string().regex(digestForm, 'must be a digest').optional(),
  /** Base64url over a canonical JSON map of strings: ours, for us to read again. */
  opaque: encoded.optional(),
  /** For people. Not bound, so nothing may rest on it. */
  description: z
    .string()
    .max(4_096)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\0-\x1f\x7f]*$/, 'must have no control characters')
    .optional(),
  /** The header that is to carry the credential; without one it is `Authorization`. */
  header: z
    .string()
    .max(64)
    .regex(/^[!#$%&'*+.^_`~0-9A-Za-z-]+$/, 'must be a header name')
    .optional(),
});
export type ChallengeFields = z.output<typeof challengeFields>;
