import type { Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import type { UsageEventRow } from '../usage/event-row.ts';

/** Has the rules of customers looked at whose accounts calls were charged to. The provider is the transaction's. */
export async function markDrawn(
  tx: Tx,
  means: PostingMeans,
  providerId: string,
  rows: readonly UsageEventRow[],
): Promise<void> {
  const charged = rows.filter(({ body }) => {
    return body.rail === 'plan' && body.customerId !== null && body.chargedNanoUsd > 0n;
  });
  const customers = [...new Set(charged.map(({ body }) => body.customerId ?? ''))];
  if (customers.length === 0) return;
  await tx.topUpRule.updateMany({
    where: { providerId, customerId: { in: customers }, pausedBy: null, checkAt: null },
    data: { checkAt: new Date(means.clock()) },
  });
}
