-- CreateTable
CREATE TABLE "payment_channel" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "rail" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "payer" TEXT NOT NULL,
    "pay_to" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "spent_atomic" BIGINT NOT NULL,
    "settled_atomic" BIGINT NOT NULL,
    "nano_usd_per_atomic" BIGINT NOT NULL,
    "voucher_atomic" BIGINT NOT NULL,
    "voucher_signature" TEXT NOT NULL,
    "due_atomic" BIGINT,
    "due_signature" TEXT,
    "unsettled_since" TIMESTAMPTZ(3),
    "close_requested_at" TIMESTAMPTZ(3),
    "transaction_hash" TEXT,
    "details" JSONB NOT NULL,
    "used_at" TIMESTAMPTZ(3) NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_channel_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "payment_channel_provider_id_used_at_idx" ON "payment_channel"("provider_id", "used_at" DESC);

ALTER TABLE payment_channel ADD CONSTRAINT payment_channel_in_a_state CHECK (state IN ('open', 'closing', 'closed'));
ALTER TABLE payment_channel ADD CONSTRAINT payment_channel_counts CHECK (spent_atomic >= 0 AND settled_atomic >= 0);
ALTER TABLE payment_channel ADD CONSTRAINT payment_channel_due_whole CHECK ((due_atomic IS NULL) = (due_signature IS NULL));
CREATE INDEX payment_channel_open ON payment_channel (provider_id, looked_at) WHERE state <> 'closed';

-- Projected by the worker from the payments that vouchers made; the console reads it.
GRANT SELECT ON payment_channel TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE ON payment_channel TO tollwright_worker;
ALTER TABLE payment_channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_channel FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_channel USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
