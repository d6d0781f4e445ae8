import 'server-only';
import type { SignedInUser } from '@tollwright/services';
import { getServerSession } from 'next-auth';
import { connection } from 'next/server';
import { cache } from 'react';
import { authOptions } from './auth-options.ts';

/** The signed-in person of this request, or null. */
export const currentUser = cache(async (): Promise<SignedInUser | null> => {
  // Nobody is signed in while pages are built.
  await connection();
  const session = await getServerSession(authOptions());
  return (session as { user?: SignedInUser } | null)?.user ?? null;
});
