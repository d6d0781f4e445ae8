import { withAccounts } from '@tollwright/db';
import { z } from 'zod';
import { enqueue, sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { email } from '../fields.ts';
import { parse } from '../parse.ts';
import { assertAttempt } from './attempt.ts';
import { issueMailToken } from './mail-token.ts';
import { returnTo } from './sign-up.ts';

export const requestResetInput = z.object({ email, returnTo: returnTo.optional() });
export const requestResetOutput = z.object({ status: z.literal('sent') });

/** Mails a link for a new password. Answers the same for an address without an account. */
export async function requestReset(
  ctx: ServiceContext,
  input: z.input<typeof requestResetInput>,
): Promise<z.output<typeof requestResetOutput>> {
  const wanted = parse(requestResetInput, input);
  await assertAttempt(ctx, { subject: `mail:${wanted.email}`, limit: 5, windowSeconds: 3_600 });
  const outboxId = await withAccounts(ctx.db, async (tx) => {
    const user = await tx.user.findUnique({ where: { email: wanted.email } });
    if (!user) return null;
    const request = { kind: 'reset' as const, userId: user.id, returnTo: wanted.returnTo ?? null };
    const link = `${ctx.publicUrls.portalUrl}/reset-password?token=${await issueMailToken(ctx, tx, request)}`;
    const text = `Choose a new password within one hour:\n\n${link}\n\nIf you did not ask for this, do nothing.\n`;
    return enqueue(ctx, tx, null, { kind: 'mail', to: user.email, subject: 'Choose a new password', text });
  });
  if (outboxId !== null) await sendSoon(ctx, [outboxId]);
  return { status: 'sent' };
}
