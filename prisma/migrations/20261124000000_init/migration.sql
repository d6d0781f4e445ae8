-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "subscription_status" AS ENUM ('active', 'ended');

-- CreateEnum
CREATE TYPE "budget_subject" AS ENUM ('customer', 'project', 'agent', 'key');

-- CreateEnum
CREATE TYPE "ledger_account_kind" AS ENUM ('receivable', 'revenue', 'clearing_x402', 'rounding', 'fees', 'refunds');

-- CreateEnum
CREATE TYPE "mail_token_kind" AS ENUM ('verify', 'reset');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'developer', 'finance', 'viewer');

-- CreateEnum
CREATE TYPE "customer_status" AS ENUM ('active', 'suspended');

-- CreateTable
CREATE TABLE "api" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "document" JSONB NOT NULL,
    "upstream_base_url" TEXT NOT NULL,
    "upstream_credential_header" TEXT,
    "upstream_credential_sealed" TEXT,
    "connect_timeout_ms" INTEGER NOT NULL DEFAULT 5000,
    "first_byte_timeout_ms" INTEGER NOT NULL DEFAULT 120000,
    "idle_timeout_ms" INTEGER NOT NULL DEFAULT 60000,
    "total_timeout_ms" INTEGER NOT NULL DEFAULT 600000,
    "snapshot_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "operation_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path_template" TEXT NOT NULL,
    "summary" TEXT NOT NULL DEFAULT '',
    "extractor_id" TEXT,
    "body_bytes_max" INTEGER NOT NULL DEFAULT 1048576,
    "stranger_price_nano_usd" BIGINT,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "extractor" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rule" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "extractor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meter" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "value_property" TEXT,
    "group_by" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "meter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feature" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "meter_slugs" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "feature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "customer_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_version" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'usd',
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "plan_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "network" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "token_name" TEXT NOT NULL,
    "token_version" TEXT NOT NULL,
    "decimals" INTEGER NOT NULL DEFAULT 6,
    "pay_to" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "wallet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "plan_version_id" TEXT NOT NULL,
    "status" "subscription_status" NOT NULL DEFAULT 'active',
    "currency" TEXT NOT NULL DEFAULT 'usd',
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "project_id" TEXT,
    "name" TEXT NOT NULL,
    "framework" TEXT NOT NULL DEFAULT '',
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "last4" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subject" "budget_subject" NOT NULL,
    "subject_id" TEXT NOT NULL,
    "limit_nano_usd" BIGINT NOT NULL,
    "period" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "budget_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "kind" "ledger_account_kind" NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'usd',
    "livemode" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_transfer" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "reference" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_transfer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_posting" (
    "transfer_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "amount_nano_usd" BIGINT NOT NULL,

    CONSTRAINT "ledger_posting_pkey" PRIMARY KEY ("transfer_id","account_id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "email_verified_at" TIMESTAMPTZ(3),
    "locale" TEXT NOT NULL DEFAULT 'en-US',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "sessions_from" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempt" (
    "subject" TEXT NOT NULL,
    "window_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("subject","window_at")
);

-- CreateTable
CREATE TABLE "mail_token" (
    "hash" TEXT NOT NULL,
    "kind" "mail_token_kind" NOT NULL,
    "user_id" TEXT NOT NULL,
    "return_to" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "email" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key_prefix" TEXT NOT NULL DEFAULT 'tw',
    "brand_color" TEXT NOT NULL DEFAULT '#18181b',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "locale" TEXT NOT NULL DEFAULT 'en-US',
    "retention_days" INTEGER NOT NULL DEFAULT 395,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "customer_status" NOT NULL DEFAULT 'active',
    "livemode" BOOLEAN NOT NULL DEFAULT true,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "locale" TEXT NOT NULL DEFAULT 'en-US',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "name" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "scopes" TEXT[],
    "role" "role" NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox_message" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "available_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_record" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("actor","key")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "event_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "agent_id" TEXT,
    "key_id" TEXT,
    "api_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "type" TEXT NOT NULL,
    "model" TEXT,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "rated_nano_usd" BIGINT NOT NULL,
    "charged_nano_usd" BIGINT NOT NULL,
    "shortfall_nano_usd" BIGINT NOT NULL,
    "rail" TEXT NOT NULL,
    "payment_id" TEXT,
    "payer" TEXT,
    "decision" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "body" JSONB NOT NULL,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "usage_rollup" (
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "bucket_at" TIMESTAMPTZ(3) NOT NULL,
    "calls" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "rated_nano_usd" BIGINT NOT NULL,
    "charged_nano_usd" BIGINT NOT NULL,
    "shortfall_nano_usd" BIGINT NOT NULL,

    CONSTRAINT "usage_rollup_pkey" PRIMARY KEY ("provider_id","bucket_at","customer_id","agent_id","key_id","api_id","route_id","model","rail","livemode")
);

-- CreateTable
CREATE TABLE "meter_rollup" (
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "dimensions" TEXT NOT NULL,
    "livemode" BOOLEAN NOT NULL,
    "bucket_at" TIMESTAMPTZ(3) NOT NULL,
    "quantity" BIGINT NOT NULL,

    CONSTRAINT "meter_rollup_pkey" PRIMARY KEY ("provider_id","meter","bucket_at","customer_id","agent_id","dimensions","livemode")
);

-- CreateTable
CREATE TABLE "spool_watermark" (
    "spool_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spool_watermark_pkey" PRIMARY KEY ("spool_id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "livemode" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "claim_key" TEXT NOT NULL,
    "api_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "payer" TEXT NOT NULL,
    "pay_to" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "amount_atomic" TEXT NOT NULL,
    "price_nano_usd" BIGINT NOT NULL,
    "rounding_nano_usd" BIGINT NOT NULL,
    "transaction_hash" TEXT,
    "reason" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_provider_id_id_key" ON "api"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_provider_id_slug_key" ON "api"("provider_id", "slug");

-- CreateIndex
CREATE INDEX "route_provider_id_api_id_idx" ON "route"("provider_id", "api_id");

-- CreateIndex
CREATE UNIQUE INDEX "route_api_id_method_path_template_key" ON "route"("api_id", "method", "path_template");

-- CreateIndex
CREATE UNIQUE INDEX "extractor_provider_id_id_key" ON "extractor"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "meter_provider_id_slug_key" ON "meter"("provider_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "feature_provider_id_key_key" ON "feature"("provider_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "plan_provider_id_id_key" ON "plan"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_provider_id_key_key" ON "plan"("provider_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "plan_version_provider_id_id_key" ON "plan_version"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_version_plan_id_version_key" ON "plan_version"("plan_id", "version");

-- CreateIndex
CREATE INDEX "wallet_provider_id_idx" ON "wallet"("provider_id");

-- CreateIndex
CREATE INDEX "subscription_provider_id_customer_id_idx" ON "subscription"("provider_id", "customer_id");

-- CreateIndex
CREATE INDEX "subscription_plan_version_id_idx" ON "subscription"("plan_version_id");

-- CreateIndex
CREATE UNIQUE INDEX "project_provider_id_customer_id_id_key" ON "project"("provider_id", "customer_id", "id");

-- CreateIndex
CREATE INDEX "agent_provider_id_customer_id_created_at_idx" ON "agent"("provider_id", "customer_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "agent_provider_id_customer_id_id_key" ON "agent"("provider_id", "customer_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "agent_customer_id_name_key" ON "agent"("customer_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_provider_id_customer_id_agent_id_idx" ON "api_key"("provider_id", "customer_id", "agent_id");

-- CreateIndex
CREATE INDEX "budget_provider_id_customer_id_idx" ON "budget"("provider_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "budget_subject_subject_id_key" ON "budget"("subject", "subject_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_account_provider_id_id_key" ON "ledger_account"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transfer_provider_id_reference_key" ON "ledger_transfer"("provider_id", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transfer_provider_id_id_key" ON "ledger_transfer"("provider_id", "id");

-- CreateIndex
CREATE INDEX "ledger_posting_account_id_idx" ON "ledger_posting"("account_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE INDEX "mail_token_user_id_idx" ON "mail_token"("user_id");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE INDEX "membership_provider_id_customer_id_idx" ON "membership"("provider_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_provider_id_customer_id_idx" ON "invitation"("provider_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_slug_key" ON "provider"("slug");

-- CreateIndex
CREATE INDEX "customer_provider_id_created_at_idx" ON "customer"("provider_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "customer_provider_id_id_key" ON "customer"("provider_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE INDEX "api_token_provider_id_customer_id_idx" ON "api_token"("provider_id", "customer_id");

-- CreateIndex
CREATE INDEX "audit_entry_provider_id_customer_id_created_at_idx" ON "audit_entry"("provider_id", "customer_id", "created_at");

-- CreateIndex
CREATE INDEX "outbox_message_sent_at_available_at_idx" ON "outbox_message"("sent_at", "available_at");

-- CreateIndex
CREATE INDEX "usage_event_provider_id_occurred_at_idx" ON "usage_event"("provider_id", "occurred_at" DESC);

-- CreateIndex
CREATE INDEX "usage_event_provider_id_customer_id_occurred_at_idx" ON "usage_event"("provider_id", "customer_id", "occurred_at" DESC);

-- CreateIndex
CREATE INDEX "usage_event_request_id_idx" ON "usage_event"("request_id");

-- CreateIndex
CREATE INDEX "usage_rollup_provider_id_customer_id_bucket_at_idx" ON "usage_rollup"("provider_id", "customer_id", "bucket_at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_claim_key_key" ON "payment"("claim_key");

-- CreateIndex
CREATE INDEX "payment_provider_id_occurred_at_idx" ON "payment"("provider_id", "occurred_at" DESC);

-- AddForeignKey
ALTER TABLE "api" ADD CONSTRAINT "api_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route" ADD CONSTRAINT "route_provider_id_api_id_fkey" FOREIGN KEY ("provider_id", "api_id") REFERENCES "api"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route" ADD CONSTRAINT "route_provider_id_extractor_id_fkey" FOREIGN KEY ("provider_id", "extractor_id") REFERENCES "extractor"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extractor" ADD CONSTRAINT "extractor_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meter" ADD CONSTRAINT "meter_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feature" ADD CONSTRAINT "feature_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_provider_id_plan_id_fkey" FOREIGN KEY ("provider_id", "plan_id") REFERENCES "plan"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "wallet" ADD CONSTRAINT "wallet_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription" ADD CONSTRAINT "subscription_provider_id_plan_version_id_fkey" FOREIGN KEY ("provider_id", "plan_version_id") REFERENCES "plan_version"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_provider_id_customer_id_project_id_fkey" FOREIGN KEY ("provider_id", "customer_id", "project_id") REFERENCES "project"("provider_id", "customer_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_provider_id_customer_id_agent_id_fkey" FOREIGN KEY ("provider_id", "customer_id", "agent_id") REFERENCES "agent"("provider_id", "customer_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "budget" ADD CONSTRAINT "budget_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_provider_id_transfer_id_fkey" FOREIGN KEY ("provider_id", "transfer_id") REFERENCES "ledger_transfer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_provider_id_account_id_fkey" FOREIGN KEY ("provider_id", "account_id") REFERENCES "ledger_account"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_token" ADD CONSTRAINT "mail_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_provider_id_fkey" FOREIGN KEY ("provider_id") REFERENCES "provider"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_provider_id_customer_id_fkey" FOREIGN KEY ("provider_id", "customer_id") REFERENCES "customer"("provider_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- Tenancy -----------------------------------------------------------------------------------------------------------
-- Three database roles. They get LOGIN and passwords from whoever operates the cluster. Row level security is forced on
-- every tenant table, the owner included, the tenant is set per transaction (packages/db/src/tenant.ts):
--   app.provider_id  the provider, or unset: no rows
--   app.customer_id  '*' for the whole provider, '' for what is not a customer's, or one customer's id
--   app.user_id      a signed-in person, for their own memberships
--   app.scope        'accounts', 'outbox' or 'idempotency:<actor>', for what is no tenant's
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['tollwright_portal', 'tollwright_worker', 'tollwright_gateway'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role_name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO tollwright_portal, tollwright_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO tollwright_portal, tollwright_worker;
REVOKE ALL ON "_prisma_migrations" FROM tollwright_portal, tollwright_worker;

CREATE FUNCTION app_provider_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.provider_id', true), '');
CREATE FUNCTION app_sees_customer(customer_id text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('app.customer_id', true) IN ('*', coalesce(customer_id, ''));
CREATE FUNCTION app_user_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.user_id', true), '');
CREATE FUNCTION app_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.scope', true), '');

DO $$
DECLARE t text;
BEGIN
  -- What belongs to a provider and is readable by its customers' people, services decide what of it they show.
  FOREACH t IN ARRAY ARRAY['api', 'route', 'extractor', 'meter', 'feature', 'plan_version', 'wallet'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (provider_id = app_provider_id())', t);
  END LOOP;
  -- What belongs to one customer, or to the provider itself where customer_id is null or empty.
  FOREACH t IN ARRAY ARRAY['subscription', 'project', 'agent', 'api_key', 'budget', 'usage_event', 'usage_rollup',
    'meter_rollup', 'payment', 'ledger_account', 'ledger_transfer', 'invitation', 'audit_entry', 'api_token'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (provider_id = app_provider_id() AND app_sees_customer(customer_id))', t);
  END LOOP;
END $$;

ALTER TABLE provider ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON provider USING (id = app_provider_id());
CREATE POLICY own_organizations ON provider FOR SELECT
  USING (EXISTS (SELECT 1 FROM membership m WHERE m.provider_id = provider.id AND m.user_id = app_user_id()));

ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer USING (provider_id = app_provider_id() AND app_sees_customer(id));
CREATE POLICY own_organizations ON customer FOR SELECT
  USING (EXISTS (SELECT 1 FROM membership m WHERE m.customer_id = customer.id AND m.user_id = app_user_id()));

ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership USING (provider_id = app_provider_id() AND app_sees_customer(customer_id));
CREATE POLICY own_memberships ON membership FOR SELECT USING (user_id = app_user_id());

-- A plan that is private to a customer is seen by that customer and the provider only.
ALTER TABLE plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plan
  USING (provider_id = app_provider_id() AND (customer_id IS NULL OR app_sees_customer(customer_id)));

ALTER TABLE ledger_posting ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_posting FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_posting
  USING (provider_id = app_provider_id()
    AND EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.id = transfer_id AND app_sees_customer(t.customer_id)));

-- What is no tenant's opens to one named scope each, so that a query without a scope finds nothing anywhere.
-- Everybody may put a message into the outbox, its senders alone read it.
ALTER TABLE outbox_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_message FORCE ROW LEVEL SECURITY;
CREATE POLICY sender ON outbox_message USING (app_scope() = 'outbox') WITH CHECK (true);

ALTER TABLE "user" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "user" FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON "user" USING (app_scope() = 'accounts' OR id = app_user_id());
CREATE POLICY members ON "user" FOR SELECT
  USING (EXISTS (SELECT 1 FROM membership m WHERE m.user_id = "user".id AND m.provider_id = app_provider_id()
    AND app_sees_customer(m.customer_id)));

ALTER TABLE mail_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_token FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON mail_token USING (app_scope() = 'accounts');

ALTER TABLE attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY accounts ON attempt USING (app_scope() = 'accounts');

ALTER TABLE idempotency_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_record FORCE ROW LEVEL SECURITY;
CREATE POLICY actor ON idempotency_record USING (app_scope() = 'idempotency:' || actor);

REVOKE ALL ON spool_watermark FROM tollwright_portal;

-- Doors that open before a tenant is known. They answer one row for one exact secret or name.
CREATE FUNCTION find_provider_by_slug(wanted text)
  RETURNS TABLE (id text, slug text, name text, brand_color text, key_prefix text, archived_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT p.id, p.slug, p.name, p.brand_color, p.key_prefix, p.archived_at FROM provider p WHERE p.slug = wanted $$;

CREATE FUNCTION find_api_token(wanted_hash text)
  RETURNS TABLE (id text, provider_id text, customer_id text, scopes text[], role role, expires_at timestamptz, revoked_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT t.id, t.provider_id, t.customer_id, t.scopes, t.role, t.expires_at, t.revoked_at FROM api_token t WHERE t.hash = wanted_hash $$;

CREATE FUNCTION find_invitation(wanted_hash text)
  RETURNS TABLE (id text, provider_id text, customer_id text, email text, role role, expires_at timestamptz, accepted_at timestamptz, provider_name text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT i.id, i.provider_id, i.customer_id, i.email, i.role, i.expires_at, i.accepted_at, p.name
        FROM invitation i JOIN provider p ON p.id = i.provider_id WHERE i.token_hash = wanted_hash $$;

-- The worker's round over all tenants, each job then sets its tenant like everyone else.
CREATE FUNCTION list_tenants() RETURNS TABLE (provider_id text, customer_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT p.id, c.id FROM provider p LEFT JOIN customer c ON c.provider_id = p.id $$;

-- These functions run as the owner of the schema, whom row level security binds too: it may look behind these doors only.
CREATE POLICY doors ON provider FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON customer FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON api_token FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON invitation FOR SELECT TO CURRENT_ROLE USING (true);

REVOKE ALL ON FUNCTION find_provider_by_slug, find_api_token, find_invitation, list_tenants FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_provider_by_slug, find_api_token, find_invitation TO tollwright_portal, tollwright_worker;
GRANT EXECUTE ON FUNCTION list_tenants TO tollwright_worker;

-- Immutability ------------------------------------------------------------------------------------------------------
CREATE FUNCTION refuse_published_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'plan version % is published and never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER plan_version_immutable BEFORE UPDATE OR DELETE ON plan_version
  FOR EACH ROW EXECUTE FUNCTION refuse_published_change();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ledger_transfer_immutable BEFORE UPDATE OR DELETE ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_posting_immutable BEFORE UPDATE OR DELETE ON ledger_posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_immutable BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every transfer has at least two postings and they sum to zero, checked when the transaction ends. A posting cannot join
-- a transfer of an earlier transaction: the transfer's row carries the transaction that made it.
CREATE FUNCTION check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; entries int; wanted text;
BEGIN
  wanted := CASE TG_TABLE_NAME WHEN 'ledger_transfer' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'transfer_id' END;
  SELECT coalesce(sum(amount_nano_usd), 0), count(*) INTO total, entries FROM ledger_posting WHERE transfer_id = wanted;
  IF total <> 0 OR entries < 2 THEN
    RAISE EXCEPTION 'ledger transfer % has % postings that sum to %', wanted, entries, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transfer_balanced AFTER INSERT ON ledger_transfer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balanced();
CREATE CONSTRAINT TRIGGER ledger_posting_balanced AFTER INSERT ON ledger_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_balanced();

-- Values ------------------------------------------------------------------------------------------------------------
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_moves_something CHECK (amount_nano_usd <> 0);
ALTER TABLE plan_version ADD CONSTRAINT plan_version_currency CHECK (currency = 'usd');
ALTER TABLE subscription ADD CONSTRAINT subscription_currency CHECK (currency = 'usd');
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_currency CHECK (currency = 'usd');
ALTER TABLE budget ADD CONSTRAINT budget_limit CHECK (limit_nano_usd BETWEEN 0 AND 9000000000000000);
ALTER TABLE usage_event ADD CONSTRAINT usage_event_charge CHECK (charged_nano_usd >= 0 AND charged_nano_usd + shortfall_nano_usd >= 0);
ALTER TABLE "user" ADD CONSTRAINT user_email_lower CHECK (email = lower(email));
-- One membership of a person in each organization, one active subscription of a customer, one account of each kind.
CREATE UNIQUE INDEX membership_once ON membership (user_id, provider_id, coalesce(customer_id, ''));
CREATE UNIQUE INDEX subscription_active_once ON subscription (customer_id) WHERE status = 'active';
CREATE UNIQUE INDEX ledger_account_once ON ledger_account (provider_id, coalesce(customer_id, ''), kind, livemode);
