-- Both stand in the API's row: they are read, changed and published with the address that they belong to. Services check
-- what is in them; here is only what no writer may get wrong.
ALTER TABLE "api" ADD COLUMN "upstream_fallbacks" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "api" ADD COLUMN "upstream_breaker" JSONB NOT NULL DEFAULT '{"kind": "default"}';
ALTER TABLE "api" ADD CONSTRAINT api_upstream_fallbacks_are_few CHECK (cardinality(upstream_fallbacks) <= 4);
ALTER TABLE "api" ADD CONSTRAINT api_upstream_breaker_has_a_kind
  CHECK (upstream_breaker->>'kind' IS NOT NULL AND upstream_breaker->>'kind' IN ('default', 'off', 'custom'));
