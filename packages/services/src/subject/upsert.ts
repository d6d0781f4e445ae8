import { toDbJson } from '@tollwright/db';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { type Change, change } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { keyText } from '../event-ingest/cloud-event.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { invalid } from '../refusals.ts';
import { type SubjectOutput, subjectOutput, toSubject } from './subject.ts';

const SUBJECTS_MAX = 100;
const METADATA_CHARACTERS_MAX = 16_384;

const givenSubject = z.object({
  key: keyText(256),
  customerId: customerId.nullish().meta({ description: 'Whose usage its events are from now on' }),
  displayName: keyText(256).nullish(),
  metadata: z
    .record(z.string(), z.unknown())
    .nullish()
    .refine((data) => JSON.stringify(data ?? null).length <= METADATA_CHARACTERS_MAX, 'must be at most 16 KiB of JSON'),
});
type GivenSubject = z.output<typeof givenSubject>;

export const upsertSubjectsInput = z.object({ providerId, subjects: z.array(givenSubject).min(1).max(SUBJECTS_MAX) });
export const upsertSubjectsOutput = z.array(subjectOutput);

/**
 * Makes subjects, or changes what is given of those that are there: a member left out stays. Events that came before keep
 * the customer that they had. Throws `invalid-input` for a customer who is not the provider's.
 */
export async function upsertSubjects(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof upsertSubjectsInput>,
): Promise<SubjectOutput[]> {
  const { providerId, subjects } = parse(upsertSubjectsInput, input);
  const access = await authorize(ctx, actor, { providerId }, 'write');
  return change(ctx, access, async (step) => {
    const stored: SubjectOutput[] = [];
    for (const [index, given] of subjects.entries()) {
      await assertOwner(step, providerId, given, `subjects.${index}.customerId`);
      stored.push(await upsert(step, providerId, given));
    }
    return stored;
  });
}

/** A customer's id names that customer, whatever a subject says. */
async function assertOwner({ tx }: Change, providerId: string, given: GivenSubject, path: string): Promise<void> {
  const ids = [given.key, ...(given.customerId ? [given.customerId] : [])];
  const found = await tx.customer.findMany({ where: { providerId, id: { in: ids } }, select: { id: true } });
  const known = new Set(found.map(({ id }) => id));
  if (given.customerId && !known.has(given.customerId)) throw invalid(path, 'there is no such customer');
  if (known.has(given.key) && given.customerId !== undefined && given.customerId !== given.key) {
    throw invalid(path, `${given.key} is a customer's id and cannot be another's subject`);
  }
}

async function upsert({ tx, id, now, audit }: Change, providerId: string, given: GivenSubject) {
  const { key, metadata, ...rest } = given;
  const data = {
    ...(rest.customerId === undefined ? {} : { customerId: rest.customerId }),
    ...(rest.displayName === undefined ? {} : { displayName: rest.displayName }),
    ...(metadata === undefined || metadata === null ? {} : { metadata: toDbJson(metadata) }),
    updatedAt: now,
  };
  const before = await tx.subject.findFirst({ where: { providerId, key } });
  const owner = await tx.customer.findFirst({ where: { providerId, id: key }, select: { id: true } });
  const row = await tx.subject.upsert({
    where: { providerId_key: { providerId, key } },
    update: data,
    create: { id: id('subject'), providerId, key, customerId: owner?.id ?? null, createdAt: now, ...data },
  });
  const after = toSubject(row);
  await audit({
    action: before === null ? 'subject.create' : 'subject.update',
    targetId: row.id,
    ...(before === null ? {} : { before: toSubject(before) }),
    after,
  });
  return after;
}
