-- Money of each rail arrives in an account of its own.
ALTER TYPE "ledger_account_kind" ADD VALUE 'clearing_evm';
ALTER TYPE "ledger_account_kind" ADD VALUE 'clearing_stripe';
ALTER TYPE "ledger_account_kind" ADD VALUE 'clearing_tempo';

-- Whether strangers pay before their call is forwarded, or after its answer came.
ALTER TABLE "route" ADD COLUMN "settles" TEXT NOT NULL DEFAULT 'after';
ALTER TABLE "route" ADD CONSTRAINT route_settles_in_an_order CHECK (settles IN ('after', 'before'));

-- The key that gives tokens back, as ciphertext, and its address: payments go to pay_to, refunds come from here.
ALTER TABLE "wallet" ADD COLUMN "refund_key_sealed" TEXT;
ALTER TABLE "wallet" ADD COLUMN "refund_from" TEXT;
ALTER TABLE "wallet" ADD CONSTRAINT wallet_refunds_from_somewhere
  CHECK ((refund_key_sealed IS NULL) = (refund_from IS NULL));

-- CreateTable
CREATE TABLE "refund" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "payment_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "amount_atomic" NUMERIC(78,0) NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "sender" TEXT,
    "nonce" BIGINT,
    "raw_transaction" TEXT,
    "transaction_hash" TEXT,
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "refund_provider_id_created_at_idx" ON "refund"("provider_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "refund_payment_id_idx" ON "refund"("payment_id");

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE refund ADD CONSTRAINT refund_of_something CHECK (amount_atomic > 0 AND amount_nano_usd >= 0);
ALTER TABLE refund ADD CONSTRAINT refund_in_a_state CHECK (state IN ('planned', 'signed', 'refunded', 'failed'));
-- A signed transaction is kept before it is sent: whoever goes on after a crash sends the same one.
ALTER TABLE refund ADD CONSTRAINT refund_signed_whole CHECK ((raw_transaction IS NULL) = (nonce IS NULL) AND (nonce IS NULL) = (sender IS NULL));
CREATE UNIQUE INDEX refund_nonce_once ON refund (network, sender, nonce) WHERE nonce IS NOT NULL;

-- What is given back is never more than what came.
CREATE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settled numeric; given numeric;
BEGIN
  SELECT amount_atomic::numeric INTO settled FROM payment WHERE id = NEW.payment_id FOR UPDATE;
  SELECT coalesce(sum(amount_atomic), 0) INTO given FROM refund
    WHERE payment_id = NEW.payment_id AND id <> NEW.id AND state <> 'failed';
  IF NEW.state <> 'failed' AND given + NEW.amount_atomic > settled THEN
    RAISE EXCEPTION 'refunds of % would be more than it was', NEW.payment_id USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_within_payment';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_within_payment BEFORE INSERT OR UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION refund_within_payment();

-- The console plans refunds; the worker plans them too, and carries all of them out.
GRANT SELECT, INSERT ON refund TO tollwright_portal;
GRANT SELECT, INSERT, UPDATE ON refund TO tollwright_worker;
ALTER TABLE refund ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refund USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
