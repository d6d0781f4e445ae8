import { type PaymentRecord, paymentRecord } from '@tollwright/contracts';
import { listProvidersWith, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

interface Row {
  readonly body: unknown;
}

/**
 * Settled payments that bought nothing: their call has ended, and not by an answer that was written down as served. An incident
 * that somebody is done with, and a payment of which something goes back already, are left alone; so are channels, which are
 * settled for many calls, payments that bought credit, which is there whatever became of the call, and what was settled on trust,
 * after its answer, as its record says by giving no reason.
 */
export async function unansweredPayments({ db }: Pick<ServiceContext, 'db'>): Promise<readonly PaymentRecord[]> {
  const found: PaymentRecord[] = [];
  for (const providerId of await listProvidersWith(db, 'unanswered')) {
    const rows = await withTenant(
      db,
      { providerId, customerId: '*' },
      (tx) => tx.$queryRaw<Row[]>`
        SELECT p.body FROM incident i JOIN payment p ON p.id = i.detail ->> 'paymentId'
        WHERE i.provider_id = ${providerId} AND i.kind = 'unanswered-payment' AND i.resolved_at IS NULL
          AND p.provider_id = ${providerId} AND p.state = 'settled' AND p.body ->> 'scheme' IS DISTINCT FROM 'session'
          AND p.body -> 'topUp' IS NULL
          AND NOT (p.body ->> 'settles' IS NOT DISTINCT FROM 'optimistic' AND p.body ->> 'reason' IS NULL)
          AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_id = p.id)
          AND EXISTS (SELECT 1 FROM usage_event e WHERE e.request_id = p.request_id)
          AND NOT EXISTS (
            SELECT 1 FROM usage_event e
            WHERE e.request_id = p.request_id AND e.decision = 'forwarded' AND e.status BETWEEN 200 AND 299)`,
    );
    found.push(...rows.map(({ body }) => paymentRecord.parse(body)));
  }
  return found;
}
