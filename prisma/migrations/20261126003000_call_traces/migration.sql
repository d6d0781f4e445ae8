-- CreateTable
CREATE TABLE "call_trace" (
    "event_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "agent_id" TEXT,
    "key_id" TEXT,
    "api_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "status" INTEGER NOT NULL,
    "problem" TEXT,
    "refused_by" TEXT,
    "would_refuse" TEXT[],
    "decisions" TEXT[],
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "call_trace_pkey" PRIMARY KEY ("event_id")
);

-- CreateIndex
CREATE INDEX "call_trace_provider_id_occurred_at_event_id_idx" ON "call_trace"("provider_id", "occurred_at" DESC, "event_id" DESC);

-- CreateIndex
CREATE INDEX "call_trace_provider_id_customer_id_occurred_at_event_id_idx" ON "call_trace"("provider_id", "customer_id", "occurred_at" DESC, "event_id" DESC);

-- CreateIndex
CREATE INDEX "call_trace_request_id_idx" ON "call_trace"("request_id");

-- The portal reads traces; the worker stores and forgets them.
GRANT SELECT ON call_trace TO tollwright_portal;
GRANT SELECT, INSERT, DELETE ON call_trace TO tollwright_worker;
ALTER TABLE call_trace ENABLE ROW LEVEL SECURITY;
ALTER TABLE call_trace FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON call_trace USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
