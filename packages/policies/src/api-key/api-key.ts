import type { Principal } from '@tollwright/contracts';
import { type Problem, parseKey } from '@tollwright/core';
import { z } from 'zod';
import { ALLOWED, type Decision } from '../policy.ts';

/** Where a key may be presented. Both by default; a provider may close one. */
export const apiKeyOptions = z.object({
  bearer: z.boolean().default(true),
  header: z.boolean().default(true),
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

const NONE: PresentedKey = { kind: 'none' };
const MALFORMED: PresentedKey = { kind: 'malformed' };
const BEARER = /^bearer +(\S+) *$/i;

/** The api-key policy: who is calling. */
export interface ApiKeyPolicy {
  /** Finds the key in `Authorization: Bearer` or `X-API-Key`. Other authorization schemes are not keys. */
  present(authorization: string | undefined, xApiKey: string | undefined): PresentedKey;
  /** Judges what the directory knows of the key; null is a key that it does not know. */
  decide(principal: Principal | null, scope: KeyScope, nowMs: number): Decision;
}

/** Builds the policy once from its options. */
export function createApiKeyPolicy(options: ApiKeyOptions = apiKeyOptions.parse({})): ApiKeyPolicy {
  return {
    present(authorization, xApiKey) {
      const bearer = options.bearer && authorization !== undefined ? BEARER.exec(authorization)?.[1] : undefined;
      const key = bearer ?? (options.header ? xApiKey : undefined);
      if (key === undefined) return NONE;
      const parsed = parseKey(key);
      return parsed === null ? MALFORMED : { kind: 'key', key, livemode: parsed.livemode };
    },
    decide: decideApiKey,
  };
}

function decideApiKey(principal: Principal | null, scope: KeyScope, nowMs: number): Decision {
  if (principal === null) return { kind: 'refused', problem: INVALID_KEY };
  const { key, customer } = principal;
  const current = key.status === 'active' && (key.expiresAtMs === null || nowMs < key.expiresAtMs);
  const fits = customer.providerId === scope.providerId && key.livemode === scope.livemode;
  if (!current || !fits) return { kind: 'refused', problem: INVALID_KEY };
  return customer.status === 'active' ? ALLOWED : { kind: 'refused', problem: SUSPENDED };
}
