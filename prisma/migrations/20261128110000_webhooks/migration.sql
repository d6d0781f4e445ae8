-- Addresses that hear of events: a provider's, or one customer's.
CREATE TABLE "webhook_endpoint" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "url" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "format" TEXT NOT NULL DEFAULT 'standard',
    "event_types" TEXT[],
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "sealed_secret" TEXT NOT NULL,
    "sealed_old_secret" TEXT,
    "old_secret_until" TIMESTAMPTZ(3),
    "disabled_by" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_endpoint_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "webhook_endpoint_provider_id_customer_id_id_idx" ON "webhook_endpoint"("provider_id", "customer_id", "id");
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_of_provider FOREIGN KEY (provider_id) REFERENCES provider (id) ON DELETE RESTRICT;
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_of_customer FOREIGN KEY (provider_id, customer_id) REFERENCES customer (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_format CHECK (format IN ('standard', 'slack'));
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_disabled CHECK (
  disabled_by IN ('owner', 'failing', 'gone') AND (disabled_by IS NULL) = (disabled_at IS NULL));
ALTER TABLE webhook_endpoint ADD CONSTRAINT webhook_endpoint_old_secret CHECK ((sealed_old_secret IS NULL) = (old_secret_until IS NULL));

-- Events on their way to one endpoint each, and what became of every attempt.
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "endpoint_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "webhook_delivery_endpoint_id_event_id_key" ON "webhook_delivery"("endpoint_id", "event_id");
CREATE INDEX "webhook_delivery_endpoint_id_id_idx" ON "webhook_delivery"("endpoint_id", "id" DESC);
CREATE INDEX "webhook_delivery_provider_id_created_at_idx" ON "webhook_delivery"("provider_id", "created_at");
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "webhook_endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at) WHERE state = 'pending';
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_in_a_state CHECK (
  state IN ('pending', 'delivered', 'dead') AND (state = 'pending') = (next_attempt_at IS NOT NULL));

CREATE TABLE "webhook_attempt" (
    "delivery_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "headers" JSONB NOT NULL,
    "status" INTEGER,
    "latency_ms" INTEGER NOT NULL,
    "response" TEXT,
    "error" TEXT,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_attempt_pkey" PRIMARY KEY ("delivery_id", "number")
);
ALTER TABLE "webhook_attempt" ADD CONSTRAINT "webhook_attempt_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_delivery"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- People set endpoints and replay; whoever drains the outbox writes deliveries; the worker makes attempts and disables what fails.
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoint TO tollwright_portal;
GRANT SELECT ON webhook_endpoint TO tollwright_worker;
GRANT UPDATE (disabled_by, disabled_at, failing_since, updated_at) ON webhook_endpoint TO tollwright_worker;
GRANT SELECT, INSERT ON webhook_delivery TO tollwright_portal;
GRANT UPDATE (state, tries, next_attempt_at) ON webhook_delivery TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery TO tollwright_worker;
GRANT SELECT ON webhook_attempt TO tollwright_portal;
GRANT SELECT, INSERT ON webhook_attempt TO tollwright_worker;
ALTER TABLE webhook_endpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_endpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_endpoint USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_delivery USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
ALTER TABLE webhook_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE webhook_attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON webhook_attempt USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));

-- The worker's round, without a tenant: the oldest that are due, few of each endpoint, so that a slow one keeps none of the others.
CREATE POLICY doors ON webhook_endpoint FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON webhook_delivery FOR SELECT TO CURRENT_ROLE USING (true);
CREATE FUNCTION list_due_webhooks(due timestamptz, of_endpoint integer, at_most integer, busy text[])
  RETURNS TABLE (provider_id text, endpoint_id text, delivery_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT e.provider_id, e.id, d.id FROM webhook_endpoint e
    CROSS JOIN LATERAL (
      SELECT w.id, w.next_attempt_at FROM webhook_delivery w
      WHERE w.endpoint_id = e.id AND w.state = 'pending' AND w.next_attempt_at <= due
      ORDER BY w.next_attempt_at LIMIT of_endpoint
    ) d
    WHERE e.disabled_at IS NULL AND e.id <> ALL (busy) ORDER BY d.next_attempt_at LIMIT at_most
  $$;
REVOKE ALL ON FUNCTION list_due_webhooks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_due_webhooks TO tollwright_worker;
