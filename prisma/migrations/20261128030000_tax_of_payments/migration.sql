-- What a Stripe account has tax calculated by: {"code", "headOffice"}; null where none is. What its payers' statements show.
ALTER TABLE "stripe_account" ADD COLUMN "tax" JSONB, ADD COLUMN "statement_suffix" TEXT;

-- A payment whose tax could not be calculated is told of once.
CREATE UNIQUE INDEX incident_untaxed_once ON incident (provider_id, (detail ->> 'paymentId')) WHERE kind = 'untaxed-payment';
