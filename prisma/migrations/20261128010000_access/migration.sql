-- For so long after a payment its payer gets into a route by signing in.
ALTER TABLE "route" ADD COLUMN "access_seconds" INTEGER;
ALTER TABLE "route" ADD CONSTRAINT "route_access_seconds" CHECK ("access_seconds" BETWEEN 1 AND 2592000);
