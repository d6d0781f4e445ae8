-- Meters measure calls and ingested events: by subject, and in fractions.
ALTER TABLE "meter_rollup" ADD COLUMN "subject" TEXT NOT NULL DEFAULT '';
-- Rows of before are calls, whose subject is their customer. Row level security binds the owner of the schema too.
ALTER TABLE meter_rollup NO FORCE ROW LEVEL SECURITY;
UPDATE meter_rollup SET subject = customer_id;
ALTER TABLE meter_rollup FORCE ROW LEVEL SECURITY;
ALTER TABLE "meter_rollup" ALTER COLUMN "quantity" SET DATA TYPE DECIMAL;
ALTER TABLE "meter_rollup" DROP CONSTRAINT "meter_rollup_pkey",
ADD CONSTRAINT "meter_rollup_pkey" PRIMARY KEY ("provider_id", "meter", "bucket_at", "customer_id", "subject", "agent_id", "dimensions", "livemode");

-- CreateTable
CREATE TABLE "ingested_event" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "customer_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL,
    "ingested_by" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "quantities" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "ingested_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ingested_event_provider_id_type_occurred_at_idx" ON "ingested_event"("provider_id", "type", "occurred_at");

-- CreateIndex
CREATE INDEX "ingested_event_provider_id_customer_id_occurred_at_idx" ON "ingested_event"("provider_id", "customer_id", "occurred_at" DESC);

-- CreateTable
CREATE TABLE "event_seen" (
    "provider_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_seen_pkey" PRIMARY KEY ("provider_id","source","id")
);

-- CreateTable
CREATE TABLE "subject" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "customer_id" TEXT,
    "display_name" TEXT,
    "metadata" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subject_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "subject_provider_id_key_key" ON "subject"("provider_id", "key");

-- AddForeignKey
ALTER TABLE "subject" ADD CONSTRAINT "subject_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subject" ADD CONSTRAINT "subject_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The portal takes events in; the worker rebuilds what is derived from them.
GRANT SELECT, INSERT ON ingested_event, event_seen TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE, DELETE ON subject TO tollwright_portal;
GRANT SELECT ON ingested_event, event_seen, subject TO tollwright_worker;

ALTER TABLE ingested_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE ingested_event FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ingested_event USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE event_seen ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_seen FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_seen USING (provider_id = app_provider_id() AND app_sees_customer('*'));
ALTER TABLE subject ENABLE ROW LEVEL SECURITY;
ALTER TABLE subject FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON subject USING (provider_id = app_provider_id() AND app_sees_customer('*'));
