import type { Principal } from '@tollwright/contracts';
import { type Problem, parseKey } from '@tollwright/core';
import { z } from 'zod';
import { isProtectedHeader } from '../headers/protected-names.ts';
import { headerName } from '../option-fields.ts';
import { ALLOWED, type Decision } from '../policy.ts';

const UNUSABLE = { has: (name: string) => isProtectedHeader(name) && name !== 'x-api-key' };

/** Where a key may be presented. */
export const apiKeyOptions = z.object({
  bearer: z.boolean().default(true).describe('Take a key from Authorization: Bearer <key>.'),
  headers: z
    .array(headerName.refine((name) => !UNUSABLE.has(name), 'carries something else'))
    .max(4)
    .default(['x-api-key'])
    .describe('Headers that a key may stand in. They are looked at in this order and do not go upstream.'),
  basic: z
    .enum(['off', 'username', 'password'])
    .default('off')
    .describe('Take a key from Authorization: Basic, where it is the user name or the password.'),
});
export type ApiKeyOptions = z.output<typeof apiKeyOptions>;

/** What a request shows as its key, before any look-up. `malformed` has a wrong shape or checksum. */
export type PresentedKey =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'key'; readonly key: string; readonly livemode: boolean };

/** The API that a key is used on. */
export interface KeyScope {
  readonly providerId: string;
  readonly livemode: boolean;
}

/** The one answer to a bad, unknown, expired, revoked or foreign key: it must not tell which. */
export const INVALID_KEY: Problem = { slug: 'invalid-key', detail: 'The key is unknown, expired or revoked.' };

const SUSPENDED: Problem = { slug: 'forbidden', detail: 'The account of this key is suspended.' };

const OVERDUE: Problem = {
  slug: 'payment-overdue',
  detail: 'An invoice of the account of this key is not paid, for longer than its provider waits. Nothing was charged.',
};

const NONE: PresentedKey = { kind: 'none' };
const MALFORMED: PresentedKey = { kind: 'malformed' };
const BEARER = /^bearer +(\S+) *$/i;
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** The api-key policy: who is calling. */
export interface ApiKeyPolicy {
  /** Headers beside `Authorization` that carry keys, in lower case. */
  readonly headers: readonly string[];
  /** Finds the key of a request. Other authorization schemes are not keys. `headers` as Node gives them. */
  present(headers: Readonly<Record<string, string | string[] | undefined>>): PresentedKey;
  /** Judges what the directory knows of the key; null is a key that it does not know. */
  decide(principal: Principal | null, scope: KeyScope, nowMs: number): Decision;
}

/** Builds the policy once from its options. */
export function createApiKeyPolicy(options: ApiKeyOptions = apiKeyOptions.parse({})): ApiKeyPolicy {
  return {
    headers: options.headers,
    present(headers) {
      const { authorization } = headers;
      const key =
        (typeof authorization === 'string' ? authorized(authorization, options) : undefined) ??
        inHeaders(headers, options.headers);
      if (key === undefined) return NONE;
      const parsed = parseKey(key);
      return parsed === null ? MALFORMED : { kind: 'key', key, livemode: parsed.livemode };
    },
    decide: decideApiKey,
  };
}

function authorized(authorization: string, { bearer, basic }: ApiKeyOptions): string | undefined {
  const token = bearer ? BEARER.exec(authorization)?.[1] : undefined;
  if (token !== undefined || basic === 'off') return token;
  const pair = BASIC.exec(authorization)?.[1];
  if (pair === undefined) return undefined;
  const text = Buffer.from(pair, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return (basic === 'username' ? text.slice(0, colon) : text.slice(colon + 1)) || undefined;
}

function inHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function decideApiKey(principal: Principal | null, scope: KeyScope, nowMs: number): Decision {
  if (principal === null) return { kind: 'refused', problem: INVALID_KEY };
  const { key, customer } = principal;
  const current = key.status === 'active' && (key.expiresAtMs === null || nowMs < key.expiresAtMs);
  const fits = customer.providerId === scope.providerId && key.livemode === scope.livemode;
  if (!current || !fits) return { kind: 'refused', problem: INVALID_KEY };
  if (customer.status !== 'active') return { kind: 'refused', problem: SUSPENDED };
  return customer.overdueSinceMs !== undefined && key.livemode ? { kind: 'refused', problem: OVERDUE } : ALLOWED;
}
