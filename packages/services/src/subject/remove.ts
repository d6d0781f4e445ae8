import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { namedBy, toSubject } from './subject.ts';

export const removeSubjectInput = z.object({ providerId, subjectIdOrKey: z.string().min(1).max(256) });

/** Forgets a subject. Its events stay, as the customer's whose they were; the next one makes it anew, of no customer. */
export async function removeSubject(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof removeSubjectInput>,
): Promise<void> {
  const { providerId, subjectIdOrKey } = parse(removeSubjectInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  await change(ctx, access, async ({ tx, audit }) => {
    const row = await tx.subject.findFirst({ where: namedBy(providerId, subjectIdOrKey) });
    if (row === null) throw notFound();
    await tx.subject.deleteMany({ where: { providerId, id: row.id } });
    await audit({ action: 'subject.remove', targetId: row.id, before: toSubject(row) });
  });
}
