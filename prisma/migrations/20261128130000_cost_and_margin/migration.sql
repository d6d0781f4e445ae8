-- What calls cost their provider. Calls of before have no cost that is known.
ALTER TABLE "usage_event" ADD COLUMN "cost_nano_usd" BIGINT;
ALTER TABLE "usage_rollup" ADD COLUMN "cost_nano_usd" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "costed_calls" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "costed_charged_nano_usd" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "cost_table" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "api_id" TEXT,
    "route_id" TEXT,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "call_usd" TEXT,
    "models" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cost_table_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "cost_table_provider_id_effective_from_idx" ON "cost_table"("provider_id", "effective_from");
ALTER TABLE cost_table ADD CONSTRAINT cost_table_of_provider FOREIGN KEY (provider_id) REFERENCES provider (id) ON DELETE RESTRICT;
ALTER TABLE cost_table ADD CONSTRAINT cost_table_of_api FOREIGN KEY (provider_id, api_id) REFERENCES api (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE cost_table ADD CONSTRAINT cost_table_of_route FOREIGN KEY (route_id) REFERENCES route (id) ON DELETE RESTRICT;
ALTER TABLE cost_table ADD CONSTRAINT cost_table_route_of_api CHECK (route_id IS NULL OR api_id IS NOT NULL);

-- Nobody changes or removes what a cost was; the worker reads it for the calls that come in. No customer sees any of it.
GRANT SELECT, INSERT ON cost_table TO tollwright_portal;
GRANT SELECT ON cost_table TO tollwright_worker;
ALTER TABLE cost_table ENABLE ROW LEVEL SECURITY;
ALTER TABLE cost_table FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cost_table USING (provider_id = app_provider_id() AND app_sees_customer('*'));

-- A day at a loss is told of once.
CREATE UNIQUE INDEX incident_loss_once ON incident
  (provider_id, (detail ->> 'apiId'), (detail ->> 'day'), (detail ->> 'model'), (detail ->> 'livemode')) WHERE kind = 'loss';
