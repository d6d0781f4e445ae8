import { makeId } from '@tollwright/core';
import type { Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import type { UsageEventRow } from '../usage/event-row.ts';

/** Stores the thresholds that new events brought, each once for customer, limit, period and percentage. */
export async function storeNotices(tx: Tx, means: PostingMeans, rows: readonly UsageEventRow[]): Promise<void> {
  const data = rows.flatMap(({ body }) => {
    const { providerId, customerId, apiId, livemode, occurredAt } = body;
    if (customerId === null) return [];
    return (body.notices ?? []).map(({ node, periodId, percent, limit, used }) => ({
      id: makeId('notice', means.clock(), means.random(10)),
      ...{ providerId, customerId, apiId, livemode, node, periodId, percent },
      limit: BigInt(limit),
      used: BigInt(used),
      occurredAt: new Date(occurredAt),
    }));
  });
  if (data.length > 0) await tx.notice.createMany({ data, skipDuplicates: true });
}
