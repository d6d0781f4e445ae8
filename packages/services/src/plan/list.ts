import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { providerId } from '../fields.ts';
import { type Page, pageInput, pageOf, pageQuery, toPage } from '../page.ts';
import { parse } from '../parse.ts';
import { type PlanOutput, planInclusion, planOutput, toPlan } from './plan.ts';

export const listPlansInput = z.object({ providerId, ...pageInput });
export const listPlansOutput = pageOf(planOutput);

/** A provider's plans with all their versions, oldest first. */
export async function listPlans(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listPlansInput>,
): Promise<Page<PlanOutput>> {
  const wanted = parse(listPlansInput, input);
  const access = await authorize(ctx, actor, { providerId: wanted.providerId }, 'read');
  const { take, orderBy, after } = pageQuery(wanted, 'asc');
  const where = { providerId: wanted.providerId, archivedAt: null, id: after };
  const rows = await read(ctx, access, (tx) => tx.plan.findMany({ where, include: planInclusion, orderBy, take }));
  return toPage(rows, wanted.limit, toPlan);
}
