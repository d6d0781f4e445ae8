import { ProblemError } from '@tollwright/core';
import type { DbPlanVersion, Tx } from '@tollwright/db';
import type { Access } from '../authorize.ts';
import { conflict, notFound } from '../refusals.ts';

/** A plan in its newest published version, or one version by id, which only the provider may choose. */
export interface VersionChoice {
  readonly planId?: string | undefined;
  readonly planVersionId?: string | undefined;
}

/** The version that a customer gets. Throws `not-found` for a plan that the customer does not see, `conflict` for a draft. */
export async function chooseVersion(
  tx: Tx,
  access: Access,
  customerId: string,
  choice: VersionChoice,
): Promise<DbPlanVersion> {
  const { providerId } = access;
  const visible = { providerId, OR: [{ customerId: null }, { customerId }] };
  if (choice.planVersionId !== undefined) {
    if (access.level !== 'provider') {
      throw new ProblemError({
        slug: 'forbidden',
        detail: 'Only the provider chooses a version; name the plan instead.',
      });
    }
    const row = await tx.planVersion.findFirst({ where: { id: choice.planVersionId, plan: visible } });
    if (!row) throw notFound();
    await holdPlan(tx, row.planId);
    if (row.publishedAt === null) throw conflict('This version is a draft: publish it first.');
    return row;
  }
  await holdPlan(tx, choice.planId ?? '');
  const row = await tx.planVersion.findFirst({
    where: { planId: choice.planId ?? '', plan: { ...visible, archivedAt: null }, publishedAt: { not: null } },
    orderBy: { version: 'desc' },
  });
  if (!row) throw notFound();
  return row;
}

/** Whether every snapshot has this version already: snapshots hold the newest of each plan, and what has subscribers. */
export async function isNewest(tx: Tx, version: DbPlanVersion): Promise<boolean> {
  const newer = { planId: version.planId, publishedAt: { not: null }, version: { gt: version.version } };
  return (await tx.planVersion.count({ where: newer })) === 0;
}

/** No version is published while a subscriber arrives, or the snapshot of that publication could miss the subscriber's. */
async function holdPlan(tx: Tx, planId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM plan WHERE id = ${planId} FOR SHARE`;
}
