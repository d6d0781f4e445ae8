-- Strangers may pay what a call used, by the prices of a plan; the route's price for strangers is then the most that it costs.
ALTER TABLE "route" ADD COLUMN "stranger_plan_id" TEXT;
ALTER TABLE "route" ADD CONSTRAINT "route_provider_id_stranger_plan_id_fkey"
  FOREIGN KEY ("provider_id", "stranger_plan_id") REFERENCES "plan"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
