import { type Scope, scope } from '@tollwright/contracts';
import { parseKey } from '@tollwright/core';
import { findApiToken } from '@tollwright/db';
import type { Actor } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../secret-hash.ts';

/** The actor behind a bearer token of the management API, or null: malformed, unknown, revoked or expired. */
export async function resolveToken(ctx: ServiceContext, token: string): Promise<Actor | null> {
  if (parseKey(token) === null) return null;
  const row = await findApiToken(ctx.db, secretHash(token));
  if (!row || row.revokedAt !== null) return null;
  if (row.expiresAt !== null && row.expiresAt.getTime() <= ctx.clock()) return null;
  const scopes = row.scopes.filter((text): text is Scope => scope.safeParse(text).success);
  const { id, providerId, customerId, role } = row;
  return { kind: 'token', tokenId: id, providerId, customerId, role, scopes };
}
