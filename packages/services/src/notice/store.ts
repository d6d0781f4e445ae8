import { makeId } from '@tollwright/core';
import type { DbNotice, Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import type { UsageEventRow } from '../usage/event-row.ts';
import { type Told, tell } from '../webhook/tell.ts';
import { budgetIdOf } from './notice.ts';

/**
 * Stores the thresholds that new events brought, each once for customer, limit, period and percentage, and has webhooks told of
 * those that are new. The provider is the transaction's.
 */
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
  if (data.length === 0) return;
  const stored = await tx.notice.createManyAndReturn({ data, skipDuplicates: true });
  const [first] = stored;
  if (first !== undefined) await tell(tx, means, first.providerId, stored.map(toldOf));
}

function toldOf({ id, customerId, apiId, node, periodId, percent, limit, used, livemode, occurredAt }: DbNotice): Told {
  const budgetId = budgetIdOf(node);
  const data = { noticeId: id, apiId, node, periodId, percent, limit: `${limit}`, used: `${used}` };
  const about = { customerId, livemode, occurredAt };
  if (budgetId === null) return { ...about, type: 'quota.threshold_reached', data };
  return { ...about, type: 'budget.threshold_reached', data: { ...data, budgetId } };
}
