import { withAccounts } from '@tollwright/db';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { useMailToken } from './mail-token.ts';

export const verifyEmailInput = z.object({ token: z.string().min(1).max(100) });
export const verifyEmailOutput = z.object({ userId: z.string(), email: z.string(), returnTo: z.string().nullable() });

/** Confirms an address by the token mailed to it. */
export async function verifyEmail(
  ctx: ServiceContext,
  input: z.input<typeof verifyEmailInput>,
): Promise<z.output<typeof verifyEmailOutput>> {
  const { token } = parse(verifyEmailInput, input);
  return withAccounts(ctx.db, async (tx) => {
    const { userId, returnTo } = await useMailToken(ctx, tx, 'verify', token);
    const user = await tx.user.update({ where: { id: userId }, data: { emailVerifiedAt: new Date(ctx.clock()) } });
    return { userId, email: user.email, returnTo };
  });
}
