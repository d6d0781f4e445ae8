-- What customers paid before they used it is owed to them; what was given without a payment is the provider's cost.
ALTER TYPE "ledger_account_kind" ADD VALUE 'credits';
ALTER TYPE "ledger_account_kind" ADD VALUE 'grants';

-- CreateTable
CREATE TABLE "credit_grant" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "source" TEXT NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,
    "paid_nano_usd" BIGINT NOT NULL DEFAULT 0,
    "payment_id" TEXT,
    "refund_id" TEXT,
    "reason" TEXT,
    "granted_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_grant_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "credit_grant_provider_id_customer_id_id_idx" ON "credit_grant"("provider_id", "customer_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "credit_grant" ADD CONSTRAINT "credit_grant_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_of_a_source CHECK (source IN ('payment', 'manual', 'refund', 'refund-failed'));
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_moves CHECK (amount_nano_usd <> 0);
ALTER TABLE credit_grant ADD CONSTRAINT credit_grant_paid CHECK (
  (source = 'payment') = (payment_id IS NOT NULL AND refund_id IS NULL)
  AND (source IN ('refund', 'refund-failed')) = (refund_id IS NOT NULL));
-- A payment is credited once, whoever stores it how often; so is what goes back of it.
CREATE UNIQUE INDEX credit_grant_payment_once ON credit_grant (payment_id) WHERE source = 'payment';
CREATE UNIQUE INDEX credit_grant_refund_once ON credit_grant (refund_id, source) WHERE refund_id IS NOT NULL;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON credit_grant FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The console gives and takes by hand, and the worker stores what was paid.
GRANT SELECT, INSERT ON credit_grant TO tollwright_portal, tollwright_worker;
ALTER TABLE credit_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE credit_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON credit_grant USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));

-- Credit that was drawn before its payment went back is told of once.
CREATE UNIQUE INDEX incident_overdrawn_once ON incident (provider_id, (detail ->> 'refundId')) WHERE kind = 'overdrawn-credit';
