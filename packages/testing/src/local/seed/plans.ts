import { planTerms } from '@tollwright/contracts';
import type { PlanTerms } from '@tollwright/core';
import { createPlan, listPlans, publishPlan } from '@tollwright/services';
import type { Acme, SeedContext } from './context.ts';
import { PLANS } from './demo.ts';
import { allOf } from './lists.ts';

/** A published plan of the demo. */
export interface PublishedPlan {
  readonly planId: string;
  readonly planVersionId: string;
  readonly terms: PlanTerms;
}

/** Publishes the demo's plans; answers them by key. `customerIds` are by customer name, for private plans. */
export async function makePlans(
  { services }: SeedContext,
  { providerId, actor }: Acme,
  customerIds: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, PublishedPlan>> {
  const known = await allOf((page) => listPlans(services, actor, { providerId, ...page }));
  const published = new Map<string, PublishedPlan>();
  for (const { customer, ...wanted } of PLANS) {
    const customerId = customer === null ? null : (customerIds.get(customer) ?? null);
    const plan =
      known.find((one) => one.key === wanted.key) ??
      (await createPlan(services, actor, { providerId, customerId, ...wanted }));
    const [newest] = plan.versions;
    if (newest === undefined) throw new Error(`plan ${wanted.key} has no version`);
    const planVersionId = newest.id;
    if (newest.status === 'draft') await publishPlan(services, actor, { providerId, planVersionId });
    published.set(wanted.key, { planId: plan.id, planVersionId, terms: planTerms.parse(newest.terms) });
  }
  return published;
}
