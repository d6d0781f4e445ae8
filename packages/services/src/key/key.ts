import { period } from '@tollwright/contracts';
import type { DbApiKey } from '@tollwright/db';
import { z } from 'zod';
import { moneyText, toTimestamp } from '../fields.ts';
import type { Told } from '../webhook/tell.ts';

export const budgetTerms = z.object({ limitNanoUsd: moneyText, period });

/** What a key may do on routes that ask for scopes. */
export const keyScopes = z
  .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, 'must be a word such as chat:write'))
  .max(64)
  .transform((scopes) => [...new Set(scopes)]);

/** What an owner notes on a key. Policies may read it; it never changes plan, limit or price. */
export const keyMetadata = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,39}$/, 'must be a name such as team or cost-centre'),
    z
      .string()
      .max(200)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a value.
      .regex(/^[^\u0000-\u001f\u007f\ud800-\udfff]*$/u, 'must be on one line, without half characters'),
  )
  .refine((pairs) => Object.keys(pairs).length <= 20, 'must have at most 20 entries')
  .meta({ description: 'Your own notes, which policies may read; they never change plan, limit or price' });

export const keyOutput = z.object({
  id: z.string(),
  agentId: z.string(),
  name: z.string(),
  start: z.string().meta({ description: 'How the key begins, to recognize it' }),
  last4: z.string(),
  livemode: z.boolean(),
  scopes: z.array(z.string()),
  metadata: keyMetadata,
  status: z.enum(['active', 'revoked', 'expired']),
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  createdAt: z.string(),
});
export type KeyOutput = z.output<typeof keyOutput>;

/** What of a row is shown: the hash is not selected, so it cannot leak. */
export const keySelection = {
  id: true,
  agentId: true,
  name: true,
  start: true,
  last4: true,
  livemode: true,
  scopes: true,
  metadata: true,
  expiresAt: true,
  revokedAt: true,
  createdAt: true,
} as const;

/** What webhooks hear of a key. */
export function keyTold(
  type: 'key.created' | 'key.revoked',
  customerId: string,
  { id: keyId, agentId, name, last4, livemode }: Pick<DbApiKey, keyof typeof keySelection>,
  occurredAt: Date,
): Told {
  return { type, customerId, livemode, occurredAt, data: { keyId, agentId, name, last4 } };
}

export function toKey(row: Pick<DbApiKey, keyof typeof keySelection>, now: Date): KeyOutput {
  const { id, agentId, name, start, last4, livemode, scopes, expiresAt, revokedAt } = row;
  return {
    id,
    agentId,
    name,
    start,
    last4,
    livemode,
    scopes,
    metadata: keyMetadata.parse(row.metadata),
    status: revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'active',
    expiresAt: toTimestamp(expiresAt),
    revokedAt: toTimestamp(revokedAt),
    createdAt: toTimestamp(row.createdAt),
  };
}
