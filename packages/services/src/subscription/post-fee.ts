import { nanoUsd, periodAt, periodFee } from '@tollwright/core';
import { type DbSubscription, fromDbPlanTerms, sql, type Tx } from '@tollwright/db';
import { type PostingMeans, postTransfer } from '../ledger/post.ts';

/**
 * Posts the fee that is due in advance for the month of `at`: the customer owes it, the provider has earned it. Posted once
 * a month; after a move to a dearer version in the same month, the difference is posted. Answers whether anything was.
 * The transaction's tenant must be the whole provider.
 */
export async function postSubscriptionFee(
  tx: Tx,
  means: PostingMeans,
  subscription: DbSubscription,
  at: Date,
): Promise<boolean> {
  const { id, providerId, customerId, planVersionId, livemode } = subscription;
  const version = await tx.planVersion.findUniqueOrThrow({ where: { id: planVersionId } });
  const fee = periodFee(fromDbPlanTerms(version.terms).rateCards, 'in-advance');
  const reference = `subscription:${id}:${periodAt('month', at.getTime()).id}`;
  const posted = await postedSoFar(tx, providerId, reference);
  const due = nanoUsd(fee - posted);
  if (due <= 0n) return false;
  return postTransfer(tx, means, {
    providerId,
    customerId,
    reference: posted === 0n ? reference : `${reference}:${planVersionId}`,
    kind: 'subscription-fee',
    livemode,
    occurredAt: at,
    lines: [
      { kind: 'receivable', customerId, amountNanoUsd: due },
      { kind: 'revenue', customerId: null, amountNanoUsd: nanoUsd(-due) },
    ],
  });
}

async function postedSoFar(tx: Tx, providerId: string, reference: string): Promise<bigint> {
  const rows = await tx.$queryRaw<{ total: bigint }[]>(sql`
    SELECT coalesce(sum(p.amount_nano_usd), 0)::bigint AS total
    FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
    WHERE t.provider_id = ${providerId} AND (t.reference = ${reference} OR t.reference LIKE ${`${reference}:%`})
      AND p.amount_nano_usd > 0`);
  return rows[0]?.total ?? 0n;
}
