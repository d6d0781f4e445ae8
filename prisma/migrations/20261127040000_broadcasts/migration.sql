-- Transactions of the facilitator's key, kept before they are sent. They are the operator's: no tenant has a part in them.
CREATE TABLE "broadcast" (
    "id" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "nonce" BIGINT NOT NULL,
    "call_hash" TEXT NOT NULL,
    "raw_transaction" TEXT NOT NULL,
    "transaction_hash" TEXT NOT NULL,
    "earlier_hashes" TEXT[] NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "broadcast_pkey" PRIMARY KEY ("id")
);

ALTER TABLE broadcast ADD CONSTRAINT broadcast_in_a_state CHECK (state IN ('kept', 'mined', 'reverted'));
-- A call is made once, and a nonce is taken once.
CREATE UNIQUE INDEX "broadcast_network_call_hash_key" ON "broadcast"("network", "call_hash");
CREATE UNIQUE INDEX "broadcast_network_sender_nonce_key" ON "broadcast"("network", "sender", "nonce");
CREATE INDEX broadcast_under_way ON broadcast (network, nonce) WHERE state = 'kept';

GRANT SELECT, INSERT, UPDATE ON broadcast TO tollwright_worker;
