-- AlterTable
ALTER TABLE "usage_event" ADD COLUMN "quantities" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "inbox_reject" (
    "spool_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "rejected_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_reject_pkey" PRIMARY KEY ("spool_id", "sequence")
);

-- DropIndex
DROP INDEX "payment_claim_key_key";

-- CreateIndex
CREATE INDEX "payment_claim_key_idx" ON "payment"("claim_key");

-- A released claim may be claimed again by another payment; what settled did so once and for ever.
CREATE UNIQUE INDEX payment_settled_once ON payment (claim_key)
  WHERE state IN ('settled', 'refunding', 'refunded', 'credited');

-- Ingestion belongs to the worker: no tenant reads where a spool stands, nor what could not be read from it.
GRANT SELECT, INSERT, DELETE ON inbox_reject TO tollwright_worker;
ALTER TABLE inbox_reject ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox_reject FORCE ROW LEVEL SECURITY;
CREATE POLICY ingestion ON inbox_reject TO tollwright_worker USING (true) WITH CHECK (true);
REVOKE ALL ON spool_watermark FROM tollwright_portal;
