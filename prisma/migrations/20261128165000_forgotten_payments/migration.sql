-- Whose payments stay under way here: their end may have been told to the state store, and never written down.
CREATE FUNCTION list_providers_with_payments_open_since(before timestamptz) RETURNS TABLE (provider_id text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
  AS $$
    SELECT DISTINCT p.provider_id FROM payment p
    WHERE p.state IN ('claimed', 'verified', 'served', 'settling', 'unknown') AND p.occurred_at < before
  $$;

REVOKE ALL ON FUNCTION list_providers_with_payments_open_since FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_providers_with_payments_open_since TO tollwright_worker;
