import type { Tx } from '@tollwright/db';
import { notFound } from '../refusals.ts';
import { type PlanOutput, planInclusion, toPlan } from './plan.ts';

/** A plan of this provider with its versions. Throws `not-found`. */
export async function findPlan(tx: Tx, providerId: string, planId: string): Promise<PlanOutput> {
  const row = await tx.plan.findFirst({ where: { providerId, id: planId }, include: planInclusion });
  if (!row) throw notFound();
  return toPlan(row);
}
