-- As before, and a payment that was settled takes the place of another claim on the same authorization, which can be settled
-- once only: a store that went back in time may have taken that claim before its epoch was raised.
CREATE OR REPLACE FUNCTION state.restore_claim(p_epoch bigint, p_record json, p_call text, p_spool text, p_request_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_paid constant text[] := ARRAY['settled', 'refunding', 'refunded', 'credited'];
BEGIN
  PERFORM state.closed_epoch(p_epoch);
  INSERT INTO state.claim AS c (claim_key, payment_id, call_id, spool_id, request_hash, payment_state, version,
    transaction, record, moved_at_ms)
  VALUES (p_record ->> 'claimKey', p_record ->> 'paymentId', p_call, p_spool, p_request_hash, p_record ->> 'state',
    (p_record ->> 'version')::bigint, p_record ->> 'transaction', p_record, state.clock_ms())
  ON CONFLICT (claim_key) DO UPDATE SET payment_id = excluded.payment_id, call_id = excluded.call_id,
    spool_id = excluded.spool_id, request_hash = excluded.request_hash, payment_state = excluded.payment_state,
    version = excluded.version, transaction = excluded.transaction, record = excluded.record,
    moved_at_ms = excluded.moved_at_ms
  WHERE c.payment_id <> excluded.payment_id AND (c.payment_state = 'released'
      OR excluded.payment_state = ANY (v_paid) AND NOT c.payment_state = ANY (v_paid))
    OR c.payment_id = excluded.payment_id AND c.version < excluded.version;
END $$;
