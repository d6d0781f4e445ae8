import { makeId, ProblemError } from '@tollwright/core';
import { type FoundInvitation, findInvitation, type Tx, withAccounts } from '@tollwright/db';
import { z } from 'zod';
import { enqueue, sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { displayName, email } from '../fields.ts';
import { parse } from '../parse.ts';
import { secretHash } from '../secret-hash.ts';
import { assertAttempt } from './attempt.ts';
import { issueMailToken } from './mail-token.ts';
import { hashPassword, password } from './password.ts';

/** A path of the portal that a person goes on to, never another site. */
export const returnTo = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'must be a path of this site');

export const signUpInput = z.object({
  email,
  password,
  name: displayName,
  returnTo: returnTo.optional(),
  invitationToken: z.string().max(100).optional(),
});

export const signUpOutput = z.object({ status: z.enum(['verification-sent', 'verified']) });

/**
 * Makes an account. Answers the same whether the address has one or not; the mail tells its owner. An invitation proves
 * the address, so no further mail is needed then.
 */
export async function signUp(
  ctx: ServiceContext,
  input: z.input<typeof signUpInput>,
): Promise<z.output<typeof signUpOutput>> {
  const wanted = parse(signUpInput, input);
  await assertAttempt(ctx, { subject: `mail:${wanted.email}`, limit: 5, windowSeconds: 3_600 });
  const invitation = await invitationFor(ctx, wanted);
  assertSignUpAllowed(ctx, invitation);
  const passwordHash = await hashPassword(wanted.password);
  const { status, outboxId } = await withAccounts(ctx.db, async (tx) => {
    const known = await tx.user.findUnique({ where: { email: wanted.email } });
    if (known?.emailVerifiedAt) return alreadyThere(ctx, tx, wanted.email);
    const verified = invitation === null ? {} : { emailVerifiedAt: new Date(ctx.clock()) };
    const data = { name: wanted.name, passwordHash, ...verified };
    const id = known?.id ?? makeId('user', ctx.clock(), ctx.random(10));
    await tx.user.upsert({ where: { id }, create: { id, email: wanted.email, ...data }, update: data });
    if (invitation) return { status: 'verified' as const, outboxId: null };
    const token = await issueMailToken(ctx, tx, { kind: 'verify', userId: id, returnTo: wanted.returnTo ?? null });
    return { status: 'verification-sent' as const, outboxId: await verificationMail(ctx, tx, wanted.email, token) };
  });
  if (outboxId !== null) await sendSoon(ctx, [outboxId]);
  return { status };
}

async function invitationFor(
  ctx: ServiceContext,
  wanted: { email: string; invitationToken?: string | undefined },
): Promise<FoundInvitation | null> {
  if (wanted.invitationToken === undefined) return null;
  const found = await findInvitation(ctx.db, secretHash(wanted.invitationToken));
  const open = found && found.acceptedAt === null && found.expiresAt.getTime() > ctx.clock();
  if (!open || found.email !== wanted.email) {
    throw new ProblemError({
      slug: 'bad-request',
      detail: 'This invitation was used, has expired or is for another address.',
    });
  }
  return found;
}

function assertSignUpAllowed(ctx: ServiceContext, invitation: FoundInvitation | null): void {
  if (ctx.signup === 'open' || (ctx.signup === 'invite' && invitation !== null)) return;
  const detail = ctx.signup === 'closed' ? 'Sign-up is closed here.' : 'Sign-up here needs an invitation.';
  throw new ProblemError({ slug: 'forbidden', detail });
}

async function alreadyThere(ctx: ServiceContext, tx: Tx, to: string) {
  const text = `You have an account already. Sign in: ${ctx.publicUrls.portalUrl}/sign-in\n\nIf you did not ask for one, do nothing.\n`;
  const outboxId = await enqueue(ctx, tx, null, { kind: 'mail', to, subject: 'You have an account already', text });
  return { status: 'verification-sent' as const, outboxId };
}

function verificationMail(ctx: ServiceContext, tx: Tx, to: string, token: string): Promise<string> {
  const link = `${ctx.publicUrls.portalUrl}/verify-email?token=${token}`;
  const text = `Confirm your address within 24 hours:\n\n${link}\n\nIf you did not sign up, do nothing.\n`;
  return enqueue(ctx, tx, null, { kind: 'mail', to, subject: 'Confirm your address', text });
}
