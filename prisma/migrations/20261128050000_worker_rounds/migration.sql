-- The worker's rounds: all providers without their customers, and those who have work of a kind. Each job then sets its tenant
-- like everyone else.
CREATE FUNCTION list_providers() RETURNS TABLE (provider_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$ SELECT p.id FROM provider p ORDER BY p.id $$;

CREATE INDEX payment_refunding ON payment (provider_id) WHERE state = 'refunding';
CREATE INDEX refund_due ON refund (provider_id) WHERE state IN ('planned', 'signed');
CREATE INDEX incident_unanswered_open ON incident (provider_id) WHERE kind = 'unanswered-payment' AND resolved_at IS NULL;

CREATE POLICY doors ON payment FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON refund FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON incident FOR SELECT TO CURRENT_ROLE USING (true);
CREATE POLICY doors ON payment_channel FOR SELECT TO CURRENT_ROLE USING (true);

CREATE FUNCTION list_providers_with(wanted text) RETURNS TABLE (provider_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT p.provider_id FROM payment p WHERE wanted = 'refunds' AND p.state = 'refunding'
    UNION SELECT r.provider_id FROM refund r WHERE wanted = 'refunds' AND r.state IN ('planned', 'signed')
    UNION SELECT i.provider_id FROM incident i
      WHERE wanted = 'unanswered' AND i.kind = 'unanswered-payment' AND i.resolved_at IS NULL
    UNION SELECT c.provider_id FROM payment_channel c WHERE wanted = 'channels' AND c.state <> 'closed'
  $$;

REVOKE ALL ON FUNCTION list_providers, list_providers_with FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_providers, list_providers_with TO tollwright_worker;
