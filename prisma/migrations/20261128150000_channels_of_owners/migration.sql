-- A channel that pays beside a key is its customer's to see: that of the first key beside one of its payments.
ALTER TABLE "payment_channel" ADD COLUMN "agent_id" TEXT;
-- Channels of before, by their payments. Row level security binds the owner of the schema too.
ALTER TABLE payment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payment_channel NO FORCE ROW LEVEL SECURITY;
UPDATE payment_channel c SET customer_id = p.customer_id, agent_id = p.agent_id
FROM (
  SELECT DISTINCT ON (provider_id, split_part(claim_key, '#', 1))
    provider_id, split_part(claim_key, '#', 1) AS channel, customer_id, agent_id
  FROM payment WHERE claim_key LIKE 'channel:%' AND customer_id IS NOT NULL
  ORDER BY provider_id, split_part(claim_key, '#', 1), occurred_at, id
) p WHERE p.provider_id = c.provider_id AND p.channel = c.id;
ALTER TABLE payment FORCE ROW LEVEL SECURITY;
ALTER TABLE payment_channel FORCE ROW LEVEL SECURITY;
CREATE INDEX payment_channel_of_customer ON payment_channel (provider_id, customer_id, used_at DESC) WHERE customer_id IS NOT NULL;
