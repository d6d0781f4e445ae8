import { fieldName, period, planTermsText } from '@tollwright/contracts';
import type { DbPlan, DbPlanVersion } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';

const { rateLimit, rateCards, defaultKeyBudget, outputTokensMax, minimumNanoUsd, quotas, policies, prepaid } =
  planTermsText.shape;

/** What a provider types. A quota names a feature; its meters are taken from the feature when terms are stored. */
export const termsInput = z.object({
  rateLimit,
  quotas: z.array(z.object({ featureKey: fieldName, limit: quotas.element.shape.limit, period })).max(32),
  rateCards,
  defaultKeyBudget,
  outputTokensMax,
  minimumNanoUsd,
  policies,
  prepaid,
});
export type TermsInput = z.output<typeof termsInput>;

export const planVersionOutput = z.object({
  id: z.string(),
  planId: z.string(),
  version: z.int(),
  status: z.enum(['draft', 'published']),
  terms: planTermsText,
  publishedAt: z.string().nullable(),
  createdAt: z.string(),
});
export type PlanVersionOutput = z.output<typeof planVersionOutput>;

export const planOutput = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  customerId: z.string().nullable().meta({ description: 'The one customer who sees it; null is public' }),
  createdAt: z.string(),
  versions: z.array(planVersionOutput).meta({ description: 'Newest first' }),
  subscribers: z.int().meta({ description: 'Active subscriptions to any version' }),
});
export type PlanOutput = z.output<typeof planOutput>;

export function toPlanVersion(row: DbPlanVersion): PlanVersionOutput {
  const { id, planId, version, publishedAt } = row;
  return {
    id,
    planId,
    version,
    status: publishedAt === null ? 'draft' : 'published',
    terms: planTermsText.parse(row.terms),
    publishedAt: toTimestamp(publishedAt),
    createdAt: toTimestamp(row.createdAt),
  };
}

/** What a plan is read with. */
export const planInclusion = {
  versions: {
    orderBy: { version: 'desc' },
    include: { _count: { select: { subscriptions: { where: { status: 'active' } } } } },
  },
} as const;

type PlanRow = DbPlan & { versions: (DbPlanVersion & { _count: { subscriptions: number } })[] };

export function toPlan(row: PlanRow): PlanOutput {
  const { id, key, name, description, customerId, createdAt } = row;
  const versions = row.versions.map(toPlanVersion);
  const subscribers = row.versions.reduce((sum, version) => sum + version._count.subscriptions, 0);
  return { id, key, name, description, customerId, createdAt: toTimestamp(createdAt), versions, subscribers };
}
