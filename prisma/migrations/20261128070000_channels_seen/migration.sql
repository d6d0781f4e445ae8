-- What the chain holds of a channel, as the worker read it last; null until it did.
ALTER TABLE "payment_channel" ADD COLUMN "deposit_atomic" BIGINT;
ALTER TABLE payment_channel ADD CONSTRAINT payment_channel_deposit CHECK (deposit_atomic >= 0);

-- A person asks for a channel to be closed; the worker closes it.
GRANT UPDATE (state, looked_at) ON payment_channel TO tollwright_portal;
