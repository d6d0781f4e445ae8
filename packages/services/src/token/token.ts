import { type Scope, scope } from '@tollwright/contracts';
import type { DbApiToken } from '@tollwright/db';
import { z } from 'zod';
import { customerId, providerId, toTimestamp } from '../fields.ts';

/** Tokens of a provider, or of one of its customers when `customerId` is given. */
export const tokenTarget = { providerId, customerId: customerId.optional() };

export const tokenOutput = z.object({
  id: z.string(),
  name: z.string(),
  start: z.string().meta({ description: 'How the token begins, to recognize it' }),
  scopes: z.array(scope),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  createdAt: z.string(),
});
export type TokenOutput = z.output<typeof tokenOutput>;

export function toToken(row: DbApiToken): TokenOutput {
  return {
    id: row.id,
    name: row.name,
    start: row.start,
    scopes: row.scopes as Scope[],
    expiresAt: toTimestamp(row.expiresAt),
    revokedAt: toTimestamp(row.revokedAt),
    createdAt: toTimestamp(row.createdAt),
  };
}
