-- What was given and not paid for is owed apart from what was; paid credit that expired is earned without a call.
ALTER TYPE "ledger_account_kind" ADD VALUE 'promotional';
ALTER TYPE "ledger_account_kind" ADD VALUE 'breakage';

ALTER TABLE credit_grant
  ADD COLUMN "promotional" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 50,
  ADD COLUMN "expired_grant_id" TEXT;
ALTER TABLE credit_grant DROP CONSTRAINT credit_grant_of_a_source;
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_of_a_source CHECK (
  source IN ('payment', 'manual', 'refund', 'refund-failed', 'expired')
  AND (source = 'expired') = (expired_grant_id IS NOT NULL) AND (source <> 'expired' OR amount_nano_usd < 0));
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_priority CHECK (priority BETWEEN 0 AND 100);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_expires_later CHECK (expires_at IS NULL OR expires_at > created_at);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_of_expired FOREIGN KEY (expired_grant_id) REFERENCES credit_grant (id) ON DELETE RESTRICT;

-- What each grant has left. The row of its balance is locked by whoever changes it.
CREATE TABLE "credit_lot" (
    "grant_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "node" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "promotional" BOOLEAN NOT NULL,
    "priority" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,
    "left_nano_usd" BIGINT NOT NULL,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "credit_lot_pkey" PRIMARY KEY ("grant_id")
);
CREATE INDEX "credit_lot_provider_id_customer_id_idx" ON "credit_lot"("provider_id", "customer_id");
CREATE INDEX credit_lot_open ON credit_lot (node) WHERE left_nano_usd > 0;
CREATE INDEX credit_lot_expiring ON credit_lot (provider_id, expires_at) WHERE left_nano_usd > 0 AND expires_at IS NOT NULL;
ALTER TABLE credit_lot ADD CONSTRAINT credit_lot_of_grant FOREIGN KEY (grant_id) REFERENCES credit_grant (id) ON DELETE RESTRICT;
ALTER TABLE credit_lot ADD CONSTRAINT credit_lot_of_customer FOREIGN KEY (provider_id, customer_id) REFERENCES customer (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE credit_lot ADD CONSTRAINT credit_lot_left CHECK (left_nano_usd BETWEEN 0 AND amount_nano_usd);

-- A balance that calls were charged to: its lock, and what they drew beyond all grants. It has no foreign key: whoever makes it
-- while storing calls would wait for the customer's row behind it, which others lock first.
CREATE TABLE "credit_balance" (
    "node" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "overdrawn_nano_usd" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "credit_balance_pkey" PRIMARY KEY ("node")
);
CREATE INDEX "credit_balance_provider_id_customer_id_idx" ON "credit_balance"("provider_id", "customer_id");
ALTER TABLE credit_balance ADD CONSTRAINT credit_balance_overdrawn CHECK (overdrawn_nano_usd >= 0);

-- What came in so far has no order but its age: calls and what was taken back burnt the oldest first.
CREATE POLICY backfill ON credit_grant FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY backfill ON usage_event FOR SELECT TO CURRENT_ROLE USING (true);
CREATE TEMPORARY TABLE credit_moved AS
  SELECT 'credit:' || coalesce(agent_id, customer_id) || CASE WHEN livemode THEN ':live' ELSE ':test' END AS node,
    provider_id, customer_id, livemode, id, created_at, amount_nano_usd AS amount
  FROM credit_grant
  UNION ALL
  SELECT (SELECT c.charge ->> 'node' FROM jsonb_array_elements(e.body -> 'charges') AS c (charge)
      WHERE c.charge ->> 'node' LIKE 'credit:%' LIMIT 1),
    e.provider_id, e.customer_id, e.livemode, NULL, e.occurred_at, -e.charged_nano_usd
  FROM usage_event e WHERE e.rail = 'plan' AND e.customer_id IS NOT NULL AND e.charged_nano_usd > 0;
DROP POLICY backfill ON credit_grant;
DROP POLICY backfill ON usage_event;
INSERT INTO credit_balance (node, provider_id, customer_id, livemode, overdrawn_nano_usd)
  SELECT node, provider_id, customer_id, livemode, greatest(0, -sum(amount))
  FROM credit_moved WHERE node IS NOT NULL GROUP BY 1, 2, 3, 4;
INSERT INTO credit_lot (grant_id, provider_id, customer_id, node, livemode, promotional, priority, created_at, amount_nano_usd, left_nano_usd)
  SELECT id, provider_id, customer_id, node, livemode, false, 50, created_at, amount,
    least(amount, greatest(0, sum(greatest(amount, 0)) OVER (PARTITION BY node ORDER BY created_at, id) - burnt))
  FROM (SELECT m.*, coalesce(sum(-amount) FILTER (WHERE amount < 0) OVER (PARTITION BY node), 0) AS burnt FROM credit_moved m) AS moved
  WHERE amount > 0 AND node IS NOT NULL;
DROP TABLE credit_moved;

-- Calls burn them at ingestion and the worker ends what expired; the console gives and takes back.
GRANT SELECT, INSERT, UPDATE ON credit_lot, credit_balance TO tollwright_portal, tollwright_worker;
ALTER TABLE credit_lot ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_lot FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credit_lot USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE credit_balance ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_balance FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credit_balance USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
