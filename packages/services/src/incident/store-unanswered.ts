import { paymentRecord } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import type { PostingMeans } from '../ledger/post.ts';
import type { UnansweredDetail } from './incident.ts';
import { openIncidents, resolveIncidents } from './open.ts';

/**
 * Stores an incident for each of these payments that is settled without an answered call, once for a payment. The provider is
 * the transaction's; what is stored of the calls by now decides. What is settled on trust had its
 * answer before, unless its record says otherwise: nobody served it, and somebody else settled it.
 */
export async function storeUnanswered(tx: Tx, means: PostingMeans, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  const payments = await tx.payment.findMany({ where: { id: { in: [...paymentIds] }, state: 'settled' } });
  if (payments.length === 0) return;
  const requestIds = payments.map(({ requestId }) => requestId);
  const answered = await tx.usageEvent.findMany({
    where: { requestId: { in: requestIds }, decision: 'forwarded', status: { gte: 200, lte: 299 } },
    select: { requestId: true },
  });
  const known = new Set(answered.map(({ requestId }) => requestId));
  const incidents = payments
    .filter(({ requestId, body }) => !known.has(requestId) && !isServedOnTrust(body))
    .map(({ id, providerId, requestId, payer, transactionHash, priceNanoUsd, livemode }) => {
      const detail: UnansweredDetail = {
        ...{ paymentId: id, requestId, payer, transaction: transactionHash, priceNanoUsd: String(priceNanoUsd) },
      };
      return { providerId, customerId: null, kind: 'unanswered-payment', detail, livemode };
    });
  await openIncidents(tx, means, incidents);
}

function isServedOnTrust(body: unknown): boolean {
  const { settles, reason } = paymentRecord.parse(body);
  return settles === 'optimistic' && reason === null;
}

/** Resolves the incidents of payments whose call turns out to have been answered: its event was still on its way. */
export async function resolveAnswered(
  tx: Tx,
  means: PostingMeans,
  providerId: string,
  paymentIds: readonly string[],
): Promise<void> {
  if (paymentIds.length === 0) return;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM incident
    WHERE provider_id = ${providerId} AND kind = 'unanswered-payment' AND resolved_at IS NULL
      AND detail ->> 'paymentId' = ANY(${[...paymentIds]})`;
  await resolveIncidents(
    tx,
    means,
    rows.map(({ id }) => id),
  );
}
