import { type DbUser, withUser } from '@tollwright/db';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';

export const userOutput = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  locale: z.string(),
  timeZone: z.string(),
  /** Sessions issued before this moment are refused. */
  sessionsFromMs: z.number(),
});
export type SignedInUser = z.output<typeof userOutput>;

export function toSignedInUser(row: DbUser): SignedInUser {
  const { id, email, name, locale, timeZone } = row;
  return { id, email, name, locale, timeZone, sessionsFromMs: row.sessionsFrom.getTime() };
}

/** The person of a session, or null when there is none any more. For the session check of the portal. */
export async function getUser(ctx: ServiceContext, userId: string): Promise<SignedInUser | null> {
  const row = await withUser(ctx.db, userId, (tx) => tx.user.findUnique({ where: { id: userId } }));
  return row ? toSignedInUser(row) : null;
}
