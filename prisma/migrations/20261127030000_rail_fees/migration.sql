-- What each rail costs a provider, as far as it says so; the others cost what the product estimates.
ALTER TABLE "provider" ADD COLUMN "rail_fees" JSONB NOT NULL DEFAULT '{}';

-- What the rail took of a payment, as estimated when it was made.
ALTER TABLE "payment" ADD COLUMN "fee_nano_usd" BIGINT NOT NULL DEFAULT 0;
