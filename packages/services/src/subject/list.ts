import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { type SubjectOutput, subjectOutput, toSubject } from './subject.ts';

const SUBJECTS_MAX = 10_000;

export const listSubjectsInput = z.object({ providerId });
export const listSubjectsOutput = z.array(subjectOutput);

/** Whom a provider's events are about, oldest first: at most the first 10,000, since clients ask for all at once. */
export async function listSubjects(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listSubjectsInput>,
): Promise<SubjectOutput[]> {
  const { providerId } = parse(listSubjectsInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'read');
  const rows = await read(ctx, access, (tx) =>
    tx.subject.findMany({ where: { providerId }, orderBy: { id: 'asc' }, take: SUBJECTS_MAX }),
  );
  return rows.map(toSubject);
}
