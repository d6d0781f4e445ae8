-- Above these a payment of a route needs a payer whom the provider knows, or the approval of an owner.
ALTER TABLE "route" ADD COLUMN "step_up_above_nano_usd" BIGINT;
ALTER TABLE "route" ADD COLUMN "step_up_payer_above_nano_usd" BIGINT;
ALTER TABLE "route" ADD COLUMN "step_up_needs" TEXT NOT NULL DEFAULT 'verified-payer';
ALTER TABLE "route" ADD CONSTRAINT route_step_up_needs CHECK (step_up_needs IN ('verified-payer', 'owner-approval'));

-- How the token of a wallet may come: by its own authorizations, by Permit2. Empty: as it always could.
ALTER TABLE "wallet" ADD COLUMN "transfer_methods" TEXT[] NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "verified_payer" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "address" TEXT,
    "customer_id" TEXT,
    "note" TEXT NOT NULL,
    "verified_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verified_payer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "verified_payer_provider_id_address_key" ON "verified_payer"("provider_id", "address");

-- CreateIndex
CREATE UNIQUE INDEX "verified_payer_provider_id_customer_id_key" ON "verified_payer"("provider_id", "customer_id");

-- AddForeignKey
ALTER TABLE "verified_payer" ADD CONSTRAINT "verified_payer_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verified_payer" ADD CONSTRAINT "verified_payer_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE verified_payer ADD CONSTRAINT verified_payer_is_one CHECK ((address IS NULL) <> (customer_id IS NULL));
ALTER TABLE verified_payer ADD CONSTRAINT verified_payer_in_lower_case CHECK (address = lower(address));

GRANT SELECT, INSERT, DELETE ON verified_payer TO tollwright_portal;
GRANT SELECT ON verified_payer TO tollwright_worker;
ALTER TABLE verified_payer ENABLE ROW LEVEL SECURITY;
ALTER TABLE verified_payer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON verified_payer USING (provider_id = app_provider_id() AND app_sees_customer('*'));

-- CreateTable
CREATE TABLE "payment_approval" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'asked',
    "price_nano_usd" BIGINT NOT NULL,
    "limit_nano_usd" BIGINT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_approval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "payment_approval_provider_id_customer_id_id_idx" ON "payment_approval"("provider_id", "customer_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "payment_approval" ADD CONSTRAINT "payment_approval_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE payment_approval ADD CONSTRAINT payment_approval_in_a_state CHECK (state IN ('asked', 'once', 'day', 'used', 'refused'));
ALTER TABLE payment_approval ADD CONSTRAINT payment_approval_decided CHECK (
  (state = 'asked') = (decided_at IS NULL)
  AND (state IN ('once', 'day', 'used')) = (limit_nano_usd IS NOT NULL)
  AND (state IN ('once', 'day', 'used')) = (expires_at IS NOT NULL));
-- However often it is tried, an agent asks once for a route.
CREATE UNIQUE INDEX payment_approval_asked_once ON payment_approval (agent_id, route_id, livemode) WHERE state = 'asked';

-- Agents ask through the worker; owners decide in the portal.
GRANT SELECT, UPDATE ON payment_approval TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE ON payment_approval TO tollwright_worker;
ALTER TABLE payment_approval ENABLE ROW LEVEL SECURITY;
ALTER TABLE payment_approval FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payment_approval USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
