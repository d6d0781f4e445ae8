-- What who pays often pays less for a call of a route.
ALTER TABLE "route" ADD COLUMN "discount" JSONB NOT NULL DEFAULT '{}';
