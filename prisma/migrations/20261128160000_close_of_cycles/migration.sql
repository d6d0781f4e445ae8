-- The time that a subscription was on a version which it has left: what a minimum and an amount off are prorated by.
CREATE TABLE "plan_stay" (
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_stay_pkey" PRIMARY KEY ("subscription_id","starts_at","ends_at")
);
CREATE INDEX "plan_stay_customer_id_ends_at_idx" ON "plan_stay"("customer_id", "ends_at");
ALTER TABLE plan_stay ADD CONSTRAINT plan_stay_of_customer FOREIGN KEY (provider_id, customer_id) REFERENCES customer (provider_id, id) ON DELETE RESTRICT;
ALTER TABLE plan_stay ADD CONSTRAINT plan_stay_runs CHECK (starts_at < ends_at);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON plan_stay FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Moving a subscription notes the version that it leaves; the worker closes cycles by it.
GRANT SELECT, INSERT ON plan_stay TO tollwright_portal;
GRANT SELECT ON plan_stay TO tollwright_worker;
ALTER TABLE plan_stay ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_stay FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plan_stay USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));

-- What the close of a cycle adds to its calls.
ALTER TABLE invoice_line DROP CONSTRAINT invoice_line_kind;
ALTER TABLE invoice_line ADD CONSTRAINT invoice_line_kind CHECK (
  kind IN ('fee', 'usage', 'shortfall', 'credit', 'rerating', 'discount', 'minimum', 'rounding'));
