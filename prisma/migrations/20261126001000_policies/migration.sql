-- Policies stand in the row that they belong to: they are read, replaced and published with it, a snapshot version holds all
-- of them or none, and row level security of the tables covers them. No other query looks into them.
ALTER TABLE "api" ADD COLUMN "policies" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "route" ADD COLUMN "policies" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "api" ADD CONSTRAINT api_policies_are_a_list CHECK (jsonb_typeof(policies) = 'array');
ALTER TABLE "route" ADD CONSTRAINT route_policies_are_a_list CHECK (jsonb_typeof(policies) = 'array');

-- What a key may do on routes that ask for scopes. Keys of earlier releases have none.
ALTER TABLE "api_key" ADD COLUMN "scopes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
