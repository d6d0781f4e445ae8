import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { toTimestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { invitationOutput, memberOutput, memberTarget } from './member.ts';

export const listMembersInput = z.object(memberTarget);
export const listMembersOutput = z.object({ members: z.array(memberOutput), invitations: z.array(invitationOutput) });

/** The people of an organization, and the invitations that are still open. */
export async function listMembers(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listMembersInput>,
): Promise<z.output<typeof listMembersOutput>> {
  const target = parse(listMembersInput, input);
  const access = await authorize(ctx, actor, target, 'read');
  const where = { providerId: target.providerId, customerId: access.customerId };
  return read(ctx, access, async (tx) => {
    const members = await tx.membership.findMany({ where, include: { user: true }, orderBy: { id: 'asc' } });
    const invitations = await tx.invitation.findMany({
      where: { ...where, acceptedAt: null, expiresAt: { gt: new Date(ctx.clock()) } },
      orderBy: { id: 'asc' },
    });
    return {
      members: members.map(({ id, userId, role, user, createdAt }) => ({
        id,
        userId,
        email: user.email,
        name: user.name,
        role,
        createdAt: toTimestamp(createdAt),
      })),
      invitations: invitations.map(({ id, email, role, expiresAt, createdAt }) => ({
        id,
        email,
        role,
        expiresAt: toTimestamp(expiresAt),
        createdAt: toTimestamp(createdAt),
      })),
    };
  });
}
