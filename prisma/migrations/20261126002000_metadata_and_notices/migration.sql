-- What an owner notes on a key. Policies may read it; it never changes plan, limit or price.
ALTER TABLE "api_key" ADD COLUMN "metadata" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "api_key" ADD CONSTRAINT api_key_metadata_is_an_object CHECK (jsonb_typeof(metadata) = 'object');

-- A soft budget counts and is announced, and refuses nobody. Budgets of earlier releases stay hard.
ALTER TABLE "budget" ADD COLUMN "soft" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "notice" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "node" TEXT NOT NULL,
    "period_id" TEXT NOT NULL,
    "percent" INTEGER NOT NULL,
    "limit_amount" BIGINT NOT NULL,
    "used_amount" BIGINT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notice_provider_id_occurred_at_id_idx" ON "notice"("provider_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "notice_provider_id_customer_id_occurred_at_id_idx" ON "notice"("provider_id", "customer_id", "occurred_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notice_provider_id_customer_id_node_period_id_percent_key" ON "notice"("provider_id", "customer_id", "node", "period_id", "percent");

-- The portal reads notices; the worker stores them.
GRANT SELECT ON notice TO tollwright_portal;
GRANT SELECT, INSERT ON notice TO tollwright_worker;
ALTER TABLE notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notice USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
