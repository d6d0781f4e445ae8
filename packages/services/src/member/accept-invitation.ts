import { role } from '@tollwright/contracts';
import { makeId, ProblemError } from '@tollwright/core';
import { findInvitation, withTenant } from '@tollwright/db';
import { z } from 'zod';
import { getUser } from '../account/user.ts';
import { type Actor, actorName } from '../actor.ts';
import type { ServiceContext } from '../context.ts';
import { parse } from '../parse.ts';
import { secretHash } from '../secret-hash.ts';

export const invitationTokenInput = z.object({ token: z.string().min(1).max(100) });
export const acceptInvitationOutput = z.object({ providerId: z.string(), customerId: z.string().nullable(), role });
export const shownInvitationOutput = z.object({ email: z.string(), role, providerName: z.string() });

/** What an invitation says, for the page behind its link. Null when it was used, is unknown or has expired. */
export async function showInvitation(
  ctx: ServiceContext,
  input: z.input<typeof invitationTokenInput>,
): Promise<z.output<typeof shownInvitationOutput> | null> {
  const { token } = parse(invitationTokenInput, input);
  const found = await findInvitation(ctx.db, secretHash(token));
  if (!found || found.acceptedAt !== null || found.expiresAt.getTime() <= ctx.clock()) return null;
  return { email: found.email, role: found.role, providerName: found.providerName };
}

/** Makes the signed-in person a member. The invitation must be for their confirmed address. */
export async function acceptInvitation(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof invitationTokenInput>,
): Promise<z.output<typeof acceptInvitationOutput>> {
  const { token } = parse(invitationTokenInput, input);
  const user = actor.kind === 'user' ? await getUser(ctx, actor.userId) : null;
  if (!user) throw new ProblemError({ slug: 'not-signed-in', detail: 'Sign in with the invited address first.' });
  const found = await findInvitation(ctx.db, secretHash(token));
  if (!found || found.email !== user.email) throw unusable();
  const { providerId, customerId } = found;
  const now = new Date(ctx.clock());
  return withTenant(ctx.db, { providerId, customerId: customerId ?? '*', userId: user.id }, async (tx) => {
    const used = await tx.invitation.updateMany({
      where: { id: found.id, acceptedAt: null, expiresAt: { gt: now } },
      data: { acceptedAt: now },
    });
    if (used.count === 0) throw unusable();
    const known = await tx.membership.findFirst({ where: { userId: user.id, providerId, customerId } });
    const id = known?.id ?? makeId('membership', now.getTime(), ctx.random(10));
    // An invitation adds a member; it never lowers an owner.
    const role = known?.role === 'owner' ? 'owner' : found.role;
    await tx.membership.upsert({
      where: { id },
      create: { id, userId: user.id, providerId, customerId, role, createdAt: now },
      update: { role },
    });
    await tx.auditEntry.create({
      data: {
        id: makeId('audit', now.getTime(), ctx.random(10)),
        providerId,
        customerId,
        actor: actorName(actor),
        action: 'member.accept',
        targetId: id,
        after: { role },
        createdAt: now,
      },
    });
    return { providerId, customerId, role };
  });
}

function unusable(): ProblemError {
  return new ProblemError({
    slug: 'bad-request',
    detail: 'This invitation was used, has expired or is for another address.',
  });
}
