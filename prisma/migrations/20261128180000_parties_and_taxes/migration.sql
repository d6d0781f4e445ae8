-- What an invoice says of its seller, and how long it waits for its money.
CREATE TABLE "invoice_settings" (
    "provider_id" TEXT NOT NULL,
    "legal_name" TEXT,
    "address" TEXT,
    "tax_id" TEXT,
    "footer" TEXT,
    "net_days" INTEGER NOT NULL DEFAULT 14,

    CONSTRAINT "invoice_settings_pkey" PRIMARY KEY ("provider_id")
);
ALTER TABLE invoice_settings ADD CONSTRAINT invoice_settings_of_provider FOREIGN KEY (provider_id) REFERENCES provider (id) ON DELETE RESTRICT;
ALTER TABLE invoice_settings ADD CONSTRAINT invoice_settings_net_days CHECK (net_days BETWEEN 0 AND 180);

CREATE TABLE "tax_rate" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "percent" DECIMAL NOT NULL,
    "region" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "tax_rate_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "tax_rate_provider_id_id_key" ON "tax_rate"("provider_id", "id");
ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_of_provider FOREIGN KEY (provider_id) REFERENCES provider (id) ON DELETE RESTRICT;
ALTER TABLE tax_rate ADD CONSTRAINT tax_rate_percent CHECK (percent > 0 AND percent <= 100);

-- What an invoice says of its buyer.
CREATE TABLE "customer_billing" (
    "customer_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "name" TEXT,
    "address" TEXT,
    "tax_id" TEXT,
    "email" TEXT,
    "net_days" INTEGER,
    "tax" TEXT NOT NULL DEFAULT 'none',
    "tax_rate_id" TEXT,

    CONSTRAINT "customer_billing_pkey" PRIMARY KEY ("customer_id")
);
ALTER TABLE customer_billing ADD CONSTRAINT customer_billing_of_customer FOREIGN KEY (provider_id, customer_id) REFERENCES customer (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE customer_billing ADD CONSTRAINT customer_billing_tax_rate FOREIGN KEY (provider_id, tax_rate_id) REFERENCES tax_rate (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE customer_billing ADD CONSTRAINT customer_billing_net_days CHECK (net_days BETWEEN 0 AND 180);
ALTER TABLE customer_billing ADD CONSTRAINT customer_billing_tax CHECK (
  tax IN ('none', 'rate', 'reverse-charge') AND (tax = 'rate') = (tax_rate_id IS NOT NULL));

-- Both as they were when it was issued. Those from before have none.
ALTER TABLE "invoice" ADD COLUMN "seller" JSONB, ADD COLUMN "buyer" JSONB;

-- What is collected for the state: owed to it, and no revenue.
ALTER TYPE "ledger_account_kind" ADD VALUE 'tax';
ALTER TABLE "invoice_line" ADD COLUMN "tax_percent" DECIMAL;
ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_kind;
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_kind CHECK (
  kind IN ('fee', 'usage', 'shortfall', 'credit', 'rerating', 'discount', 'minimum', 'rounding', 'tax'));
-- A tax is whole cents: it never moves what the lines before it came to.
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_tax CHECK (
  (kind = 'tax') = (tax_percent IS NOT NULL)
  AND (kind <> 'tax' OR (amount_nano_usd >= 0 AND amount_nano_usd % 10000000 = 0)));
ALTER TABLE "credit_note" ADD COLUMN "tax_nano_usd" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credit_note ADD CONSTRAINT credit_note_tax CHECK (tax_nano_usd BETWEEN 0 AND amount_nano_usd);

-- People say who they are; the worker writes it on invoices.
GRANT SELECT, INSERT, UPDATE ON invoice_settings, tax_rate, customer_billing TO tollwright_portal;
GRANT SELECT ON invoice_settings, tax_rate, customer_billing TO tollwright_worker;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['invoice_settings', 'tax_rate', 'customer_billing'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
CREATE POLICY tenant ON invoice_settings USING (provider_id = app_provider_id() AND app_sees_customer('*'));
-- A customer is told which rate it has.
CREATE POLICY tenant ON tax_rate USING (provider_id = app_provider_id()) WITH CHECK (provider_id = app_provider_id() AND app_sees_customer('*'));
CREATE POLICY tenant ON customer_billing USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
