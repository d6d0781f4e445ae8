import type { DbPlanVersion, Tx } from '@tollwright/db';
import { notFound } from '../refusals.ts';

/** A plan version, held against changes until the transaction ends. Throws `not-found`. */
export async function lockVersion(tx: Tx, providerId: string, planVersionId: string): Promise<DbPlanVersion> {
  await tx.$queryRaw`SELECT id FROM plan_version WHERE provider_id = ${providerId} AND id = ${planVersionId} FOR UPDATE`;
  const row = await tx.planVersion.findFirst({ where: { providerId, id: planVersionId } });
  if (!row) throw notFound();
  return row;
}
