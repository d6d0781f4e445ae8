-- Serves the two questions below: what a payer has open with a provider, and how the last payment ended.
CREATE INDEX claim_of_payer ON state.claim ((record ->> 'providerId'), (record ->> 'payer'), moved_at_ms);

-- As state.claim_payment, for a call that is answered before it is settled: claims of a payer that are served so and not
-- settled never come to more than a cap, and there are none while the last one that ended was not settled. Claims of one payer
-- wait for each other; what frees room need not.
CREATE FUNCTION state.claim_exposed(p_record json, p_call text, p_spool text, p_request_hash text, p_cap bigint)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_provider constant text := p_record ->> 'providerId';
  v_payer constant text := p_record ->> 'payer';
  v_last text;
  v_open numeric;
BEGIN
  PERFORM state.require_open();
  PERFORM pg_advisory_xact_lock(hashtextextended('exposure ' || v_provider || ' ' || v_payer, 0));
  IF EXISTS (SELECT FROM state.claim WHERE claim_key = p_record ->> 'claimKey' AND payment_state <> 'released') THEN
    RETURN state.claim_payment(p_record, p_call, p_spool, p_request_hash);
  END IF;
  SELECT c.payment_state INTO v_last FROM state.claim AS c
  WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
    AND (c.payment_state IN ('settled', 'refunding', 'refunded', 'credited')
      OR c.payment_state = 'failed' AND c.record ->> 'settles' = 'optimistic')
  ORDER BY c.moved_at_ms DESC LIMIT 1;
  IF v_last = 'failed' THEN
    RETURN json_build_object('kind', 'exposed', 'reason', 'failed-before');
  END IF;
  SELECT coalesce(sum((c.record ->> 'priceNanoUsd')::numeric), 0) INTO v_open FROM state.claim AS c
  WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
    AND c.record ->> 'settles' = 'optimistic'
    AND c.payment_state IN ('claimed', 'verified', 'served', 'settling', 'unknown');
  IF v_open + (p_record ->> 'priceNanoUsd')::numeric > p_cap THEN
    RETURN json_build_object('kind', 'exposed', 'reason', 'cap');
  END IF;
  RETURN state.claim_payment(p_record, p_call, p_spool, p_request_hash);
END $$;

REVOKE ALL ON FUNCTION state.claim_exposed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.claim_exposed TO tollwright_gateway;
