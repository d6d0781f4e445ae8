-- By claim rather than by age: payments that stay open for long then keep no other from its turn.
DROP FUNCTION state.unresolved_claims(integer);

-- Settlements without an answer, and whatever a spool left that is taken over or closed, after a claim key.
CREATE FUNCTION state.unresolved_claims(p_after text, p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(found.record ORDER BY found.claim_key), '[]')
  FROM (
    SELECT c.record, c.claim_key FROM state.claim AS c LEFT JOIN state.spool AS s ON s.spool_id = c.spool_id
    WHERE c.claim_key > p_after
      AND (c.payment_state IN ('settling', 'unknown')
        OR (c.payment_state IN ('claimed', 'verified', 'served')
          AND (s.taken_by IS NOT NULL OR s.closed_at_ms IS NOT NULL)))
    ORDER BY c.claim_key LIMIT p_limit
  ) AS found
$$;

REVOKE ALL ON FUNCTION state.unresolved_claims FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.unresolved_claims TO tollwright_worker;

-- Serves the query above: only claims that are not ended, whatever their number.
DROP INDEX state.claim_open;
CREATE INDEX claim_open ON state.claim (claim_key)
  WHERE payment_state IN ('claimed', 'verified', 'served', 'settling', 'unknown');
