-- Serves what was paid under an approval.
CREATE INDEX claim_of_approval ON state.claim ((record ->> 'approvalId')) WHERE record ->> 'approvalId' IS NOT NULL;

-- As state.claim_payment, where claims of one payer, or under one approval, never come to more than bounds. In their order:
-- `exposure`: as state.claim_exposed. `payer-day`: what a payer paid, or is about to pay, on an API in the UTC day in which
-- this payment began. `approval`: what is paid under one approval, `once` a single time. A bound without a cap refuses nothing.
-- Claims of one payer wait for each other, as do those under one approval; what frees room need not.
CREATE FUNCTION state.claim_within(p_record json, p_call text, p_spool text, p_request_hash text, p_bounds json)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_provider constant text := p_record ->> 'providerId';
  v_payer constant text := p_record ->> 'payer';
  v_price constant numeric := (p_record ->> 'priceNanoUsd')::numeric;
  v_approval constant text := p_record ->> 'approvalId';
  v_day constant text := left(p_record ->> 'occurredAt', 10);
  v_bound json;
  v_kind text;
  v_cap numeric;
  v_last text;
  v_sum numeric;
  v_count bigint;
BEGIN
  PERFORM state.require_open();
  PERFORM pg_advisory_xact_lock(hashtextextended('exposure ' || v_provider || ' ' || v_payer, 0));
  IF v_approval IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('approval ' || v_approval, 0));
  END IF;
  IF EXISTS (SELECT FROM state.claim WHERE claim_key = p_record ->> 'claimKey' AND payment_state <> 'released') THEN
    RETURN state.claim_payment(p_record, p_call, p_spool, p_request_hash);
  END IF;
  FOR v_bound IN SELECT b FROM json_array_elements(p_bounds) AS b LOOP
    v_kind := v_bound ->> 'kind';
    v_cap := (v_bound ->> 'cap')::numeric;
    CONTINUE WHEN v_cap IS NULL;
    v_count := 0;
    IF v_kind = 'exposure' THEN
      SELECT c.payment_state INTO v_last FROM state.claim AS c
      WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
        AND (c.payment_state IN ('settled', 'refunding', 'refunded', 'credited')
          OR c.payment_state = 'failed' AND c.record ->> 'settles' = 'optimistic')
      ORDER BY c.moved_at_ms DESC LIMIT 1;
      IF v_last = 'failed' THEN
        RETURN json_build_object('kind', 'beyond', 'bound', v_kind, 'reason', 'failed-before');
      END IF;
      SELECT coalesce(sum((c.record ->> 'priceNanoUsd')::numeric), 0) INTO v_sum FROM state.claim AS c
      WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
        AND c.record ->> 'settles' = 'optimistic'
        AND c.payment_state IN ('claimed', 'verified', 'served', 'settling', 'unknown');
    ELSIF v_kind = 'payer-day' THEN
      SELECT coalesce(sum((c.record ->> 'priceNanoUsd')::numeric), 0) INTO v_sum FROM state.claim AS c
      WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
        AND c.moved_at_ms >= extract(epoch FROM v_day::date::timestamp AT TIME ZONE 'UTC') * 1000 - 3600000
        AND c.record ->> 'apiId' = p_record ->> 'apiId' AND left(c.record ->> 'occurredAt', 10) = v_day
        AND c.payment_state NOT IN ('failed', 'released', 'refunded');
    ELSIF v_kind = 'approval' AND v_approval IS NOT NULL THEN
      SELECT coalesce(sum((c.record ->> 'priceNanoUsd')::numeric), 0), count(*) INTO v_sum, v_count FROM state.claim AS c
      WHERE c.record ->> 'approvalId' = v_approval AND c.payment_state NOT IN ('failed', 'released');
    ELSE
      RAISE EXCEPTION 'a claim has no bound %', v_kind;
    END IF;
    IF v_sum + v_price > v_cap OR v_count > 0 AND (v_bound ->> 'once')::boolean THEN
      RETURN json_build_object('kind', 'beyond', 'bound', v_kind, 'reason', 'cap');
    END IF;
  END LOOP;
  RETURN state.claim_payment(p_record, p_call, p_spool, p_request_hash);
END $$;

REVOKE ALL ON FUNCTION state.claim_within FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.claim_within TO tollwright_gateway;
