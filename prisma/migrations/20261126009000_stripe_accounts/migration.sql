-- CreateTable
CREATE TABLE "stripe_account" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "network_id" TEXT NOT NULL,
    "payment_method_types" TEXT[],
    "sealed_key" TEXT NOT NULL,
    "key_end" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_account_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stripe_account_provider_id_idx" ON "stripe_account"("provider_id");

-- AddForeignKey
ALTER TABLE "stripe_account" ADD CONSTRAINT "stripe_account_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- One account a provider and mode takes payments; those before it stay, since payments were made to them.
CREATE UNIQUE INDEX stripe_account_one_open ON stripe_account (provider_id, livemode) WHERE archived_at IS NULL;

-- The worker looks up to which account a payment went.
GRANT SELECT, INSERT, UPDATE ON stripe_account TO tollwright_portal;
GRANT SELECT ON stripe_account TO tollwright_worker;
ALTER TABLE stripe_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE stripe_account FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stripe_account USING (provider_id = app_provider_id());
