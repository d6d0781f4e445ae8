-- Whose key was shown beside a payment, and how long its settlement took. Null of strangers, and of what was paid before.
ALTER TABLE "payment" ADD COLUMN "agent_id" TEXT;
ALTER TABLE "payment" ADD COLUMN "key_id" TEXT;
ALTER TABLE "payment" ADD COLUMN "verified_at" TIMESTAMPTZ(3);
ALTER TABLE "payment" ADD COLUMN "settled_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "payment_provider_id_customer_id_occurred_at_idx" ON "payment"("provider_id", "customer_id", "occurred_at" DESC);

-- When a payer was first seen, however long ago.
CREATE INDEX payment_payer ON payment (provider_id, lower(payer), occurred_at);

-- What is not decided is few, and looked for without a period.
CREATE INDEX payment_open ON payment (provider_id, occurred_at)
  WHERE state IN ('claimed', 'verified', 'served', 'settling', 'unknown');

-- CreateTable
CREATE TABLE "payment_tally" (
    "provider_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "bucket_at" TIMESTAMPTZ(3) NOT NULL,
    "step" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "loss" TEXT NOT NULL,
    "count" BIGINT NOT NULL,

    CONSTRAINT "payment_tally_pkey" PRIMARY KEY ("provider_id","bucket_at","api_id","livemode","step","rail","loss")
);

ALTER TABLE payment_tally ADD CONSTRAINT payment_tally_of_a_step
  CHECK (step IN ('asked', 'refused') AND (loss <> '') = (step = 'refused') AND count > 0);
-- Gateways count, the worker adds up, the console reads. No customer's.
GRANT SELECT ON payment_tally TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE ON payment_tally TO tollwright_worker;
ALTER TABLE payment_tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_tally FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_tally USING (provider_id = app_provider_id() AND app_sees_customer('*'));
