-- Above these a payment on any route of an API needs more, unless the route has limits of its own.
ALTER TABLE "api" ADD COLUMN "step_up_above_nano_usd" BIGINT;
ALTER TABLE "api" ADD COLUMN "step_up_payer_above_nano_usd" BIGINT;
ALTER TABLE "api" ADD COLUMN "step_up_needs" TEXT NOT NULL DEFAULT 'verified-payer';
ALTER TABLE "api" ADD CONSTRAINT api_step_up_needs CHECK (step_up_needs IN ('verified-payer', 'owner-approval'));

-- Routes that have limits keep them; the others have those of their API, which has none yet.
ALTER TABLE "route" ADD COLUMN "step_up_from" TEXT NOT NULL DEFAULT 'api';
ALTER TABLE "route" ADD CONSTRAINT route_step_up_from CHECK (step_up_from IN ('api', 'route'));
ALTER TABLE route NO FORCE ROW LEVEL SECURITY;
UPDATE route SET step_up_from = 'route' WHERE coalesce(step_up_above_nano_usd, step_up_payer_above_nano_usd) IS NOT NULL;
ALTER TABLE route FORCE ROW LEVEL SECURITY;
