import { withAccounts } from '@tollwright/db';
import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { useMailToken } from './mail-token.ts';
import { hashPassword, password } from './password.ts';

export const resetPasswordInput = z.object({ token: z.string().min(1).max(100), password });
export const resetPasswordOutput = z.object({ userId: z.string(), returnTo: z.string().nullable() });

/** Sets a new password by the token mailed to the address, which is proved by it, and ends every session. */
export async function resetPassword(
  ctx: ServiceContext,
  input: z.input<typeof resetPasswordInput>,
): Promise<z.output<typeof resetPasswordOutput>> {
  const wanted = parse(resetPasswordInput, input);
  const passwordHash = await hashPassword(wanted.password);
  return withAccounts(ctx.db, async (tx) => {
    const { userId, returnTo } = await useMailToken(ctx, tx, 'reset', wanted.token);
    const now = new Date(ctx.clock());
    const { emailVerifiedAt } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
    await tx.user.update({
      where: { id: userId },
      data: { passwordHash, sessionsFrom: now, emailVerifiedAt: emailVerifiedAt ?? now },
    });
    return { userId, returnTo };
  });
}
