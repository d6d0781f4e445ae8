import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { notFound } from '../refusals.ts';
import { namedBy, type SubjectOutput, subjectOutput, toSubject } from './subject.ts';

export const getSubjectInput = z.object({ providerId, subjectIdOrKey: z.string().min(1).max(256) });
export const getSubjectOutput = subjectOutput;

/** A subject. */
export async function getSubject(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof getSubjectInput>,
): Promise<SubjectOutput> {
  const { providerId, subjectIdOrKey } = parse(getSubjectInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const row = await read(ctx, access, (tx) => tx.subject.findFirst({ where: namedBy(providerId, subjectIdOrKey) }));
  if (row === null) throw notFound();
  return toSubject(row);
}
