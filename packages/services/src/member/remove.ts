import type { Tx } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { idText } from '../fields.ts';
import { parse } from '../parse.ts';
import { conflict, notFound } from '../refusals.ts';
import { memberTarget } from './member.ts';

export const removeMemberInput = z.object({ ...memberTarget, membershipId: idText });
export const removeMemberOutput = z.object({ membershipId: z.string() });

/** Takes a person out of an organization. The last owner stays. */
export async function removeMember(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeMemberInput>,
): Promise<z.output<typeof removeMemberOutput>> {
  const wanted = parse(removeMemberInput, input);
  const access = await authorize(ctx, actor, wanted, 'write');
  const where = { providerId: wanted.providerId, customerId: access.customerId };
  return change(ctx, access, async (step) => {
    await lockOwners(step.tx, where);
    const row = await step.tx.membership.findFirst({ where: { ...where, id: wanted.membershipId } });
    if (!row) throw notFound();
    const otherOwners = await step.tx.membership.count({ where: { ...where, role: 'owner', id: { not: row.id } } });
    if (row.role === 'owner' && otherOwners === 0) {
      throw conflict('This is the last owner. Make somebody else an owner first.');
    }
    await step.tx.membership.delete({ where: { id: row.id } });
    const before = { userId: row.userId, role: row.role };
    await step.audit({ action: 'member.remove', targetId: row.id, before });
    return { membershipId: row.id };
  });
}

/** Two owners who remove each other at once must not both succeed. */
async function lockOwners(tx: Tx, where: { providerId: string; customerId: string | null }): Promise<void> {
  await tx.$queryRaw`SELECT id FROM membership WHERE provider_id = ${where.providerId}
    AND customer_id IS NOT DISTINCT FROM ${where.customerId} AND role = 'owner' ORDER BY id FOR UPDATE`;
}
