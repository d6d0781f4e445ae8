import { listProviders, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';

/** A transfer, event, payment or credit of a customer for which the books do not add up. Amounts are nano-dollars. */
export interface LedgerViolation {
  readonly providerId: string;
  readonly kind: 'unbalanced-transfer' | 'event-not-posted' | 'payment-not-posted' | 'credit-not-posted';
  readonly id: string;
  readonly expectedNanoUsd: bigint;
  readonly postedNanoUsd: bigint;
}

const VIOLATIONS_MAX = 100;

/**
 * Looks for what must never be: a transfer that does not sum to zero, a charged plan call or a settled payment whose
 * posting of revenue or credit is missing or differs, grants that have not left what the ledger owes for them. Changes nothing. For the worker's database role.
 */
export async function checkLedger(ctx: Pick<ServiceContext, 'db'>): Promise<readonly LedgerViolation[]> {
  const providers = await listProviders(ctx.db);
  const found: LedgerViolation[] = [];
  for (const providerId of providers) {
    const rows = await withTenant(ctx.db, { providerId, customerId: '*' }, (tx) =>
      tx.$queryRawUnsafe<Omit<LedgerViolation, 'providerId'>[]>(VIOLATIONS),
    );
    found.push(...rows.map((row) => ({ providerId, ...row })));
  }
  return found;
}

const VIOLATIONS = `
  WITH revenue AS (
    SELECT t.reference, -sum(p.amount_nano_usd)::bigint AS posted
    FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
    JOIN ledger_account a ON a.id = p.account_id AND a.kind = 'revenue' GROUP BY 1
  ), bought AS (
    SELECT t.reference, -sum(p.amount_nano_usd)::bigint AS posted
    FROM ledger_transfer t JOIN ledger_posting p ON p.transfer_id = t.id
    JOIN ledger_account a ON a.id = p.account_id AND a.kind IN ('revenue', 'credits', 'grants') GROUP BY 1
  ), credit AS (
    SELECT customer_id, livemode, CASE WHEN promotional THEN 'promotional' ELSE 'credits' END AS account,
      left_nano_usd AS unburnt, 0 AS posted
    FROM credit_lot
    UNION ALL SELECT customer_id, livemode, 'credits', -overdrawn_nano_usd, 0 FROM credit_balance
    UNION ALL SELECT g.customer_id, g.livemode, 'credits', -g.amount_nano_usd, 0
    FROM credit_grant g JOIN refund f ON f.id = g.refund_id
    WHERE g.source = 'refund' AND f.state NOT IN ('refunded', 'failed')
    UNION ALL SELECT a.customer_id, a.livemode, a.kind::text, 0, -p.amount_nano_usd
    FROM ledger_account a JOIN ledger_posting p ON p.account_id = a.id WHERE a.kind IN ('credits', 'promotional')
  )
  SELECT 'unbalanced-transfer' AS kind, p.transfer_id AS id, 0::bigint AS "expectedNanoUsd",
    sum(p.amount_nano_usd)::bigint AS "postedNanoUsd"
  FROM ledger_posting p GROUP BY p.transfer_id HAVING sum(p.amount_nano_usd) <> 0
  UNION ALL
  SELECT 'event-not-posted', e.event_id, e.charged_nano_usd, coalesce(r.posted, 0)
  FROM usage_event e LEFT JOIN revenue r ON r.reference = 'event:' || e.event_id
  WHERE e.rail = 'plan' AND e.customer_id IS NOT NULL AND e.charged_nano_usd <> coalesce(r.posted, 0)
  UNION ALL
  SELECT 'payment-not-posted', y.id, y.price_nano_usd, coalesce(r.posted, 0)
  FROM payment y LEFT JOIN bought r ON r.reference = 'payment:' || y.id
  WHERE y.state IN ('settled', 'refunding', 'refunded', 'credited') AND y.price_nano_usd <> coalesce(r.posted, 0)
  UNION ALL
  SELECT 'credit-not-posted', customer_id || ':' || account || CASE WHEN livemode THEN ':live' ELSE ':test' END,
    sum(unburnt)::bigint, sum(posted)::bigint
  FROM credit GROUP BY customer_id, account, livemode HAVING sum(unburnt) <> sum(posted)
  LIMIT ${VIOLATIONS_MAX}`;
