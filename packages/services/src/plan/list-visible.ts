import { offeredTerms } from '@tollwright/contracts';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { authorize } from '../authorize.ts';
import { read } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { customerId, providerId } from '../fields.ts';
import { parse } from '../parse.ts';
import { newestPublished, type VisiblePlan } from './newest-published.ts';

export const visiblePlanOutput = z.object({
  planId: z.string(),
  planVersionId: z.string(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  terms: offeredTerms,
});

export const listVisiblePlansInput = z.object({ providerId, customerId });
export const listVisiblePlansOutput = z.object({ items: z.array(visiblePlanOutput) });

/** The plans that a customer may subscribe to, each in its newest published version. */
export async function listVisiblePlans(
  ctx: ServiceContext,
  actor: Actor,
  input: z.input<typeof listVisiblePlansInput>,
): Promise<{ items: VisiblePlan[] }> {
  const target = parse(listVisiblePlansInput, input);
  const access = await authorize(ctx, actor, target, 'read');
  return read(ctx, access, async (tx) => ({
    items: await newestPublished(tx, target.providerId, target.customerId),
  }));
}
