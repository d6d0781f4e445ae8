-- CreateTable
CREATE TABLE "incident" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "kind" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "incident_provider_id_occurred_at_id_idx" ON "incident"("provider_id", "occurred_at" DESC, "id" DESC);

-- A lost gateway is written off once for each customer.
CREATE UNIQUE INDEX incident_write_off_once ON incident (provider_id, customer_id, (detail ->> 'spoolId')) WHERE kind = 'write-off';

-- The portal reads incidents; the worker stores them, and counters are restored from them after a loss of the state store.
GRANT SELECT ON incident TO tollwright_portal;
GRANT SELECT, INSERT ON incident TO tollwright_worker;
ALTER TABLE incident ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incident USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
