-- As before, and a claim says why it is in its state, where its record does.
CREATE OR REPLACE FUNCTION state.claim_json(p_claim state.claim) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT json_build_object('claimKey', p_claim.claim_key, 'paymentId', p_claim.payment_id, 'callId', p_claim.call_id,
    'spoolId', p_claim.spool_id, 'requestHash', p_claim.request_hash, 'state', p_claim.payment_state,
    'version', p_claim.version, 'transaction', p_claim.transaction, 'reason', p_claim.record ->> 'reason')
$$;

-- The payments of state.unresolved_claims, each with whether its spool is closed: nobody is at work on it any more, and the
-- events of its calls are stored. The older function stays for workers that run while this is applied.
CREATE FUNCTION state.unresolved_payments(p_after text, p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('record', found.record, 'abandoned', found.abandoned)
    ORDER BY found.claim_key), '[]')
  FROM (
    SELECT c.record, c.claim_key, s.closed_at_ms IS NOT NULL AS abandoned
    FROM state.claim AS c LEFT JOIN state.spool AS s ON s.spool_id = c.spool_id
    WHERE c.claim_key > p_after
      AND (c.payment_state IN ('settling', 'unknown')
        OR (c.payment_state IN ('claimed', 'verified', 'served')
          AND (s.taken_by IS NOT NULL OR s.closed_at_ms IS NOT NULL)))
    ORDER BY c.claim_key LIMIT p_limit
  ) AS found
$$;

REVOKE ALL ON FUNCTION state.unresolved_payments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.unresolved_payments TO tollwright_worker;
