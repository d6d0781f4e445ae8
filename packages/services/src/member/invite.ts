import { role } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { email, toTimestamp } from '../fields.ts';
import { parse } from '../parse.ts';
import { secretHash } from '../secret-hash.ts';
import { invitationOutput, memberTarget } from './member.ts';

const LIFETIME_MS = 7 * 86_400_000;

export const inviteMemberInput = z.object({ ...memberTarget, email, role });
export const inviteMemberOutput = invitationOutput;

/** Invites an address by mail. The link works once, for seven days, for that address. */
export async function inviteMember(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof inviteMemberInput>,
): Promise<z.output<typeof inviteMemberOutput>> {
  const wanted = parse(inviteMemberInput, input);
  const access = await authorize(ctx, actor, wanted, 'write');
  const token = Buffer.from(ctx.random(32)).toString('base64url');
  return change(ctx, access, async (step) => {
    const { providerId } = wanted;
    const provider = await step.tx.provider.findUniqueOrThrow({ where: { id: providerId } });
    const customer = access.customerId
      ? await step.tx.customer.findUniqueOrThrow({ where: { id: access.customerId } })
      : null;
    const row = await step.tx.invitation.create({
      data: {
        id: step.id('invitation'),
        tokenHash: secretHash(token),
        providerId,
        customerId: access.customerId,
        email: wanted.email,
        role: wanted.role,
        expiresAt: new Date(step.now.getTime() + LIFETIME_MS),
        createdAt: step.now,
      },
    });
    const organization = customer ? `${customer.name} at ${provider.name}` : provider.name;
    await step.mail({
      to: wanted.email,
      subject: `Join ${organization}`,
      text: `You are invited to ${organization} as ${wanted.role}. Accept within seven days:\n\n${ctx.publicUrls.portalUrl}/invitation?token=${token}\n`,
    });
    await step.audit({ action: 'member.invite', targetId: row.id, after: { role: row.role } });
    const { id, expiresAt, createdAt } = row;
    return {
      id,
      email: row.email,
      role: row.role,
      expiresAt: toTimestamp(expiresAt),
      createdAt: toTimestamp(createdAt),
    };
  });
}
