CREATE FUNCTION state.claim_json(p_claim state.claim) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT json_build_object('claimKey', p_claim.claim_key, 'paymentId', p_claim.payment_id, 'callId', p_claim.call_id,
    'spoolId', p_claim.spool_id, 'requestHash', p_claim.request_hash, 'state', p_claim.payment_state,
    'version', p_claim.version, 'transaction', p_claim.transaction)
$$;

-- First come, first served. Asked again by the same call for the same payment, it answers as it did at first, since the
-- first reply may have been lost.
CREATE FUNCTION state.claim_payment(p_record json, p_call text, p_spool text, p_request_hash text)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_claim state.claim;
BEGIN
  INSERT INTO state.claim AS c (claim_key, payment_id, call_id, spool_id, request_hash, payment_state, version,
    transaction, record, moved_at_ms)
  VALUES (p_record ->> 'claimKey', p_record ->> 'paymentId', p_call, p_spool, p_request_hash, p_record ->> 'state',
    (p_record ->> 'version')::bigint, p_record ->> 'transaction', p_record, state.clock_ms())
  ON CONFLICT (claim_key) DO UPDATE SET payment_id = excluded.payment_id, call_id = excluded.call_id,
    spool_id = excluded.spool_id, request_hash = excluded.request_hash, payment_state = excluded.payment_state,
    version = excluded.version, transaction = excluded.transaction, record = excluded.record,
    moved_at_ms = excluded.moved_at_ms
  WHERE c.payment_state = 'released'
  RETURNING c.* INTO v_claim;
  IF FOUND THEN
    RETURN json_build_object('kind', 'claimed', 'claim', state.claim_json(v_claim));
  END IF;
  SELECT * INTO v_claim FROM state.claim WHERE claim_key = p_record ->> 'claimKey';
  RETURN json_build_object(
    'kind', CASE WHEN v_claim.payment_id = p_record ->> 'paymentId' AND v_claim.call_id = p_call
      AND v_claim.spool_id = p_spool AND v_claim.payment_state = p_record ->> 'state'
      AND v_claim.version = (p_record ->> 'version')::bigint THEN 'claimed' ELSE 'taken' END,
    'claim', state.claim_json(v_claim));
END $$;

-- Compare-and-set on (payment, state, version): a released claim may be another payment's by now.
CREATE FUNCTION state.move_claim(p_claim_key text, p_from_state text, p_from_version bigint, p_record json)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_claim state.claim;
BEGIN
  IF p_record ->> 'claimKey' <> p_claim_key OR (p_record ->> 'version')::bigint <> p_from_version + 1 THEN
    RAISE EXCEPTION 'a move of % goes from version % to the next', p_claim_key, p_from_version;
  END IF;
  UPDATE state.claim AS c SET payment_state = p_record ->> 'state', version = p_from_version + 1,
    transaction = p_record ->> 'transaction', record = p_record, moved_at_ms = state.clock_ms()
  WHERE c.claim_key = p_claim_key AND c.payment_id = p_record ->> 'paymentId'
    AND c.payment_state = p_from_state AND c.version = p_from_version
  RETURNING c.* INTO v_claim;
  IF FOUND THEN
    RETURN json_build_object('kind', 'moved', 'claim', state.claim_json(v_claim));
  END IF;
  SELECT * INTO v_claim FROM state.claim WHERE claim_key = p_claim_key;
  RETURN json_build_object('kind', 'conflict', 'claim', CASE WHEN FOUND THEN state.claim_json(v_claim) END);
END $$;

CREATE FUNCTION state.get_claim(p_claim_key text)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT state.claim_json(c) FROM state.claim AS c WHERE c.claim_key = p_claim_key
$$;

-- Oldest first: settlements without an answer, and whatever a spool left that is taken over or closed.
CREATE FUNCTION state.unresolved_claims(p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(found.record ORDER BY found.moved_at_ms), '[]')
  FROM (
    SELECT c.record, c.moved_at_ms FROM state.claim AS c LEFT JOIN state.spool AS s ON s.spool_id = c.spool_id
    WHERE c.payment_state IN ('settling', 'unknown')
      OR (c.payment_state IN ('claimed', 'verified', 'served')
        AND (s.taken_by IS NOT NULL OR s.closed_at_ms IS NOT NULL))
    ORDER BY c.moved_at_ms LIMIT p_limit
  ) AS found
$$;
