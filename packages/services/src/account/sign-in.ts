import { withAccounts } from '@tollwright/db';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { email } from '../fields.ts';
import { parse } from '../parse.ts';
import { countAttempt } from './attempt.ts';
import { verifyPassword } from './password.ts';
import { type SignedInUser, toSignedInUser } from './user.ts';

export const signInInput = z.object({ email, password: z.string().max(200) });

export type SignInResult =
  | { readonly kind: 'signed-in'; readonly user: SignedInUser }
  /** Wrong address or password: nobody learns which. */
  | { readonly kind: 'rejected' }
  /** The password is right, the address is not confirmed yet. */
  | { readonly kind: 'unverified' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** Checks a password: at most 10 times a quarter of an hour for one address, right or wrong. */
export async function signIn(ctx: ServiceContext, input: z.input<typeof signInInput>): Promise<SignInResult> {
  const wanted = parse(signInInput, input);
  const rule = { subject: `sign-in:${wanted.email}`, limit: 10, windowSeconds: 900 };
  const retryAfterSeconds = await countAttempt(ctx, rule);
  if (retryAfterSeconds !== null) return { kind: 'throttled', retryAfterSeconds };
  const user = await withAccounts(ctx.db, (tx) => tx.user.findUnique({ where: { email: wanted.email } }));
  const right = await verifyPassword(wanted.password, user?.passwordHash ?? null);
  if (!right || !user) return { kind: 'rejected' };
  if (!user.emailVerifiedAt) return { kind: 'unverified' };
  return { kind: 'signed-in', user: toSignedInUser(user) };
}
