-- Cards that customers saved with their provider's account at Stripe, which alone knows them. Without saved_at: a page is open.
CREATE TABLE "credit_card" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "network_id" TEXT NOT NULL,
    "checkout_session" TEXT NOT NULL,
    "stripe_customer" TEXT NOT NULL,
    "payment_method" TEXT,
    "brand" TEXT,
    "last4" TEXT,
    "exp_month" INTEGER,
    "exp_year" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "saved_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "credit_card_checkout_session_key" ON "credit_card"("checkout_session");
CREATE INDEX "credit_card_provider_id_customer_id_idx" ON "credit_card"("provider_id", "customer_id");
ALTER TABLE "credit_card" ADD CONSTRAINT "credit_card_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX credit_card_one ON credit_card (provider_id, customer_id, livemode) WHERE saved_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX credit_card_open ON credit_card (created_at) WHERE saved_at IS NULL AND removed_at IS NULL;

-- When a balance is topped up, by what, and how much of that in a calendar month. check_at: its balance may be too low since.
CREATE TABLE "top_up_rule" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "below_nano_usd" BIGINT NOT NULL,
    "pack" TEXT,
    "price_nano_usd" BIGINT NOT NULL,
    "credit_nano_usd" BIGINT NOT NULL,
    "monthly_cap_nano_usd" BIGINT NOT NULL,
    "paused_by" TEXT,
    "paused_reason" TEXT,
    "capped_month" TEXT,
    "check_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "top_up_rule" ADD CONSTRAINT "top_up_rule_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX top_up_rule_one ON top_up_rule (provider_id, customer_id, coalesce(agent_id, ''), livemode);
CREATE INDEX top_up_rule_due ON top_up_rule (check_at) WHERE check_at IS NOT NULL AND paused_by IS NULL;
ALTER TABLE top_up_rule ADD CONSTRAINT top_up_rule_amounts CHECK (
  below_nano_usd > 0 AND price_nano_usd > 0 AND credit_nano_usd > 0 AND monthly_cap_nano_usd >= price_nano_usd);
ALTER TABLE top_up_rule ADD CONSTRAINT top_up_rule_paused CHECK (paused_by IN ('owner', 'provider', 'failure'));

-- What a rule charged, or is about to: the row is there before Stripe is asked.
CREATE TABLE "top_up_charge" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "card_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "period" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "price_nano_usd" BIGINT NOT NULL,
    "credit_nano_usd" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "transaction" TEXT,
    "asked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "top_up_charge_payment_id_key" ON "top_up_charge"("payment_id");
CREATE UNIQUE INDEX "top_up_charge_rule_id_period_attempt_key" ON "top_up_charge"("rule_id", "period", "attempt");
CREATE INDEX "top_up_charge_provider_id_customer_id_id_idx" ON "top_up_charge"("provider_id", "customer_id", "id" DESC);
ALTER TABLE "top_up_charge" ADD CONSTRAINT "top_up_charge_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "top_up_rule"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "top_up_charge" ADD CONSTRAINT "top_up_charge_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "credit_card"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE top_up_charge ADD CONSTRAINT top_up_charge_state CHECK (state IN ('intended', 'settled', 'failed'));
-- One at a time for a balance, and a period is paid once.
CREATE UNIQUE INDEX top_up_charge_open ON top_up_charge (rule_id) WHERE state = 'intended';
CREATE UNIQUE INDEX top_up_charge_settled ON top_up_charge (rule_id, period) WHERE state = 'settled';

GRANT SELECT, INSERT, UPDATE ON credit_card, top_up_rule TO tollwright_portal, tollwright_worker;
GRANT SELECT ON top_up_charge TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE ON top_up_charge TO tollwright_worker;
ALTER TABLE credit_card ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_card FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credit_card USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE top_up_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE top_up_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON top_up_rule USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE top_up_charge ENABLE ROW LEVEL SECURITY;
ALTER TABLE top_up_charge FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON top_up_charge USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));

-- The worker's round, without a tenant: who has something to top up, to find out about, or a page that is open.
CREATE POLICY doors ON credit_card FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON top_up_rule FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON top_up_charge FOR SELECT TO CURRENT_ROLE USING (true);
CREATE FUNCTION list_providers_with_top_ups(due timestamptz, opened timestamptz) RETURNS TABLE (provider_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT r.provider_id FROM top_up_rule r WHERE r.paused_by IS NULL AND r.check_at <= due
    UNION SELECT c.provider_id FROM top_up_charge c WHERE c.state = 'intended'
    UNION SELECT k.provider_id FROM credit_card k
      WHERE k.saved_at IS NULL AND k.removed_at IS NULL AND k.created_at >= opened
  $$;
REVOKE ALL ON FUNCTION list_providers_with_top_ups FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_providers_with_top_ups TO tollwright_worker;
