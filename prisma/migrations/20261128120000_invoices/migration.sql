-- What is paid outside of every rail: by bank transfer, say.
ALTER TYPE "ledger_account_kind" ADD VALUE 'clearing_manual';

-- Since when a subscription is on its version, where that is not since it began.
ALTER TABLE "subscription" ADD COLUMN "moved_at" TIMESTAMPTZ(3);

CREATE TABLE "billing_cycle" (
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "followed_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "billing_cycle_pkey" PRIMARY KEY ("customer_id","starts_at")
);
ALTER TABLE "billing_cycle" ADD CONSTRAINT "billing_cycle_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE billing_cycle ADD CONSTRAINT billing_cycle_runs CHECK (starts_at < ends_at);
CREATE INDEX billing_cycle_running ON billing_cycle (ends_at) WHERE followed_at IS NULL;
CREATE INDEX billing_cycle_unclosed ON billing_cycle (ends_at) WHERE closed_at IS NULL;

CREATE TABLE "cycle_fee" (
    "provider_id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "cycle_starts_at" TIMESTAMPTZ(3) NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "payment_term" TEXT NOT NULL,
    "fee_nano_usd" BIGINT NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,
    "invoice_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cycle_fee_pkey" PRIMARY KEY ("provider_id","reference")
);
CREATE INDEX "cycle_fee_customer_id_cycle_starts_at_idx" ON "cycle_fee"("customer_id", "cycle_starts_at");
ALTER TABLE cycle_fee ADD CONSTRAINT cycle_fee_of_customer FOREIGN KEY (provider_id, customer_id) REFERENCES customer (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE cycle_fee ADD CONSTRAINT cycle_fee_of_transfer FOREIGN KEY (provider_id, reference) REFERENCES ledger_transfer (provider_id, reference) ON DELETE RESTRICT;
ALTER TABLE cycle_fee ADD CONSTRAINT cycle_fee_term CHECK (payment_term IN ('in-advance', 'in-arrears'));
ALTER TABLE cycle_fee ADD CONSTRAINT cycle_fee_amount CHECK (amount_nano_usd > 0 AND fee_nano_usd > 0);
CREATE INDEX cycle_fee_uninvoiced ON cycle_fee (provider_id, customer_id) WHERE invoice_id IS NULL;

CREATE TABLE "invoice" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "sequence" INTEGER NOT NULL,
    "number" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "period_starts_at" TIMESTAMPTZ(3) NOT NULL,
    "period_ends_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "total_nano_usd" BIGINT NOT NULL,
    "paid_nano_usd" BIGINT NOT NULL DEFAULT 0,
    "credited_nano_usd" BIGINT NOT NULL DEFAULT 0,
    "paid_by" TEXT,
    "void_reason" TEXT,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "invoice_provider_id_livemode_sequence_key" ON "invoice"("provider_id", "livemode", "sequence");
CREATE INDEX "invoice_provider_id_customer_id_id_idx" ON "invoice"("provider_id", "customer_id", "id" DESC);
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE invoice ADD CONSTRAINT invoice_reason CHECK (reason IN ('cycle', 'fee'));
ALTER TABLE invoice ADD CONSTRAINT invoice_never_negative CHECK (total_nano_usd >= 0 AND paid_nano_usd >= 0 AND credited_nano_usd >= 0);
-- Whole cents, since what collects it knows no less.
ALTER TABLE invoice ADD CONSTRAINT invoice_in_cents CHECK (
  total_nano_usd % 10000000 = 0 AND paid_nano_usd % 10000000 = 0 AND credited_nano_usd % 10000000 = 0);
ALTER TABLE invoice ADD CONSTRAINT invoice_in_a_state CHECK (
  paid_nano_usd + credited_nano_usd <= total_nano_usd
  AND CASE state
    WHEN 'open' THEN voided_at IS NULL AND paid_nano_usd + credited_nano_usd < total_nano_usd
    WHEN 'paid' THEN voided_at IS NULL AND paid_nano_usd + credited_nano_usd = total_nano_usd
    WHEN 'void' THEN voided_at IS NOT NULL AND paid_nano_usd = 0
    ELSE false END);

CREATE TABLE "invoice_line" (
    "invoice_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "plan_version_id" TEXT,
    "rate_card_key" TEXT,
    "meter" TEXT,
    "model" TEXT,
    "quantity" DECIMAL,
    "amount_nano_usd" BIGINT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("invoice_id","position")
);
CREATE INDEX "invoice_line_customer_id_starts_at_idx" ON "invoice_line"("customer_id", "starts_at");
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_kind CHECK (kind IN ('fee', 'usage', 'shortfall', 'credit', 'rounding'));

CREATE TABLE "credit_note" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "number" TEXT NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "credit_note_provider_id_livemode_sequence_key" ON "credit_note"("provider_id", "livemode", "sequence");
CREATE INDEX "credit_note_invoice_id_idx" ON "credit_note"("invoice_id");
ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE credit_note ADD CONSTRAINT credit_note_amount CHECK (amount_nano_usd > 0);

CREATE TABLE "document_counter" (
    "provider_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "kind" TEXT NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "document_counter_pkey" PRIMARY KEY ("provider_id","livemode","kind")
);
ALTER TABLE document_counter ADD CONSTRAINT document_counter_of_provider FOREIGN KEY (provider_id) REFERENCES provider (id) ON DELETE RESTRICT;
ALTER TABLE document_counter ADD CONSTRAINT document_counter_kind CHECK (kind IN ('invoice', 'credit-note') AND last > 0);

-- An invoice says what its lines say, and credit notes are all that was taken back of it.
CREATE FUNCTION check_invoice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE wanted text; total bigint; credited bigint; lines numeric; notes numeric;
BEGIN
  wanted := CASE TG_TABLE_NAME WHEN 'invoice' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'invoice_id' END;
  SELECT i.total_nano_usd, i.credited_nano_usd INTO total, credited FROM invoice i WHERE i.id = wanted;
  SELECT coalesce(sum(l.amount_nano_usd), 0) INTO lines FROM invoice_line l WHERE l.invoice_id = wanted;
  SELECT coalesce(sum(n.amount_nano_usd), 0) INTO notes FROM credit_note n WHERE n.invoice_id = wanted;
  IF lines <> total OR notes <> credited THEN
    RAISE EXCEPTION 'invoice % of % has lines of % and credit notes of %, not of %', wanted, total, lines, notes, credited
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoice_adds_up AFTER INSERT OR UPDATE ON invoice
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice();
CREATE CONSTRAINT TRIGGER invoice_line_adds_up AFTER INSERT ON invoice_line
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice();
CREATE CONSTRAINT TRIGGER credit_note_adds_up AFTER INSERT ON credit_note
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_note FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Subscribing opens a cycle and posts a fee; the worker opens, closes and invoices; people pay, credit and void.
GRANT SELECT, INSERT ON billing_cycle TO tollwright_portal, tollwright_worker;
GRANT UPDATE (followed_at, closed_at) ON billing_cycle TO tollwright_worker;
GRANT SELECT, INSERT ON cycle_fee TO tollwright_portal, tollwright_worker;
GRANT UPDATE (invoice_id) ON cycle_fee TO tollwright_worker;
GRANT SELECT ON invoice, invoice_line TO tollwright_portal;
GRANT UPDATE (state, paid_nano_usd, credited_nano_usd, paid_by, void_reason, paid_at, voided_at) ON invoice TO tollwright_portal;
GRANT SELECT, INSERT ON invoice, invoice_line TO tollwright_worker;
GRANT SELECT, INSERT ON credit_note TO tollwright_portal;
GRANT SELECT ON credit_note TO tollwright_worker;
GRANT SELECT, INSERT, UPDATE ON document_counter TO tollwright_portal, tollwright_worker;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['billing_cycle', 'cycle_fee', 'invoice', 'invoice_line', 'credit_note'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (provider_id = app_provider_id() AND app_sees_customer(customer_id))', t);
    EXECUTE format('CREATE POLICY doors ON %I FOR SELECT TO CURRENT_ROLE USING (true)', t);
  END LOOP;
END $$;
ALTER TABLE document_counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_counter FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_counter USING (provider_id = app_provider_id() AND app_sees_customer('*'));

-- The worker's round: whose cycle is over, whose cycle can be closed since every call before `low` is stored, who has a fee to be
-- told of.
CREATE FUNCTION list_due_billing(now timestamptz, low timestamptz) RETURNS TABLE (provider_id text, customer_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT c.provider_id, c.customer_id FROM billing_cycle c WHERE c.followed_at IS NULL AND c.ends_at <= now
    UNION SELECT c.provider_id, c.customer_id FROM billing_cycle c WHERE c.closed_at IS NULL AND c.ends_at <= low
    UNION SELECT f.provider_id, f.customer_id FROM cycle_fee f WHERE f.invoice_id IS NULL
  $$;
REVOKE ALL ON FUNCTION list_due_billing FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_due_billing TO tollwright_worker;

-- Customers from before: the cycle that runs, and what was posted for it.
CREATE POLICY backfill ON subscription FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY backfill ON billing_cycle FOR INSERT TO CURRENT_ROLE WITH CHECK (true);
CREATE POLICY backfill ON cycle_fee FOR INSERT TO CURRENT_ROLE WITH CHECK (true);
CREATE POLICY backfill ON ledger_transfer FOR SELECT TO CURRENT_ROLE USING (true);
SET LOCAL TIME ZONE 'UTC';
CREATE TEMPORARY TABLE anchor AS
  SELECT s.provider_id, s.customer_id, min(s.started_at) AS anchor_at,
    (extract(year FROM age(now(), min(s.started_at))) * 12 + extract(month FROM age(now(), min(s.started_at))))::int AS months
  FROM subscription s GROUP BY 1, 2;
INSERT INTO billing_cycle (provider_id, customer_id, starts_at, ends_at)
  SELECT provider_id, customer_id, anchor_at + make_interval(months => months), anchor_at + make_interval(months => months + 1)
  FROM anchor;
INSERT INTO cycle_fee (provider_id, reference, customer_id, subscription_id, plan_version_id, livemode, cycle_starts_at,
    starts_at, ends_at, payment_term, fee_nano_usd, amount_nano_usd, created_at)
  SELECT DISTINCT ON (c.customer_id) t.provider_id, t.reference, c.customer_id, s.id, s.plan_version_id, t.livemode, c.starts_at,
    t.occurred_at, c.ends_at, 'in-advance', p.amount_nano_usd, p.amount_nano_usd, t.created_at
  FROM billing_cycle c
  JOIN ledger_transfer t ON t.provider_id = c.provider_id AND t.customer_id = c.customer_id
  JOIN ledger_posting p ON p.transfer_id = t.id AND p.amount_nano_usd > 0
  JOIN subscription s ON s.id = split_part(t.reference, ':', 2)
  WHERE t.kind = 'subscription-fee' AND t.occurred_at < c.ends_at
  ORDER BY c.customer_id, t.occurred_at DESC;
DROP TABLE anchor;
DROP POLICY backfill ON subscription;
DROP POLICY backfill ON billing_cycle;
DROP POLICY backfill ON cycle_fee;
DROP POLICY backfill ON ledger_transfer;
