import 'server-only';
import { getUser, type SignedInUser } from '@tollwright/services';
import { connection } from 'next/server';
import { getServerSession } from 'next-auth';
import { cache } from 'react';
import { authOptions } from './auth-options.ts';
import { services } from './services.ts';

interface Session {
  readonly userId?: string;
  readonly signedInAtMs: number;
}

/** The signed-in person of this request, or null. Throws when that cannot be known. */
export const currentUser = cache(async (): Promise<SignedInUser | null> => {
  // Nobody is signed in while pages are built.
  await connection();
  const session = (await getServerSession(authOptions())) as Session | null;
  if (session?.userId === undefined) return null;
  const user = await getUser(services(), session.userId);
  return user !== null && session.signedInAtMs >= user.sessionsFromMs ? user : null;
});
