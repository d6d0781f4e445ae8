import { ProblemError } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { secretHash } from '../secret-hash.ts';

const LIFETIME_MS = { verify: 24 * 3_600_000, reset: 3_600_000 } as const;

/** Makes a single-use token; earlier ones of its kind end. Only its hash is stored. */
export async function issueMailToken(
  ctx: ServiceContext,
  tx: Tx,
  wanted: { kind: 'verify' | 'reset'; userId: string; returnTo: string | null },
): Promise<string> {
  const { kind, userId, returnTo } = wanted;
  const now = ctx.clock();
  const token = Buffer.from(ctx.random(32)).toString('base64url');
  await tx.mailToken.updateMany({ where: { userId, kind, usedAt: null }, data: { usedAt: new Date(now) } });
  await tx.mailToken.create({
    data: {
      hash: secretHash(token),
      kind,
      userId,
      returnTo,
      expiresAt: new Date(now + LIFETIME_MS[kind]),
      createdAt: new Date(now),
    },
  });
  return token;
}

/** Uses a token up. Two requests with the same token: one wins. Throws `bad-request` when it is used, unknown or expired. */
export async function useMailToken(
  ctx: ServiceContext,
  tx: Tx,
  kind: 'verify' | 'reset',
  token: string,
): Promise<{ userId: string; returnTo: string | null }> {
  const now = new Date(ctx.clock());
  const hash = secretHash(token);
  const used = await tx.mailToken.updateMany({
    where: { hash, kind, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (used.count === 0) {
    throw new ProblemError({ slug: 'bad-request', detail: 'This link was used or has expired. Ask for a new one.' });
  }
  const row = await tx.mailToken.findUniqueOrThrow({ where: { hash } });
  return { userId: row.userId, returnTo: row.returnTo };
}
