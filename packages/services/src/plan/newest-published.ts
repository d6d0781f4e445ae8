import { type OfferedTerms, offeredTerms } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';

export interface VisiblePlan {
  planId: string;
  planVersionId: string;
  key: string;
  name: string;
  description: string;
  version: number;
  terms: OfferedTerms;
}

/** The newest published version of each plan on offer: the public ones, and those private to `customerId`. */
export async function newestPublished(tx: Tx, providerId: string, customerId: string | null): Promise<VisiblePlan[]> {
  const plans = await tx.plan.findMany({
    where: {
      providerId,
      archivedAt: null,
      OR: [{ customerId: null }, ...(customerId === null ? [] : [{ customerId }])],
    },
    include: { versions: { where: { publishedAt: { not: null } }, orderBy: { version: 'desc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  return plans.flatMap(({ id, key, name, description, versions }) =>
    versions.map((version) => ({
      planId: id,
      planVersionId: version.id,
      key,
      name,
      description,
      version: version.version,
      terms: offeredTerms.parse(version.terms),
    })),
  );
}
