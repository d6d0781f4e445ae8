-- A channel is known in the epoch in which somebody read its chain. What a restored store remembers may be older than what the
-- chain has done since: nothing is claimed on such a channel until its chain was read again.
ALTER TABLE state.channel ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
UPDATE state.channel SET epoch = (SELECT epoch FROM state.epoch);
-- Serves what a payer has with a provider on all of its channels.
CREATE INDEX channel_of_payer ON state.channel ((record ->> 'providerId'), (record ->> 'payer'))
WHERE channel_state <> 'closed';

CREATE OR REPLACE FUNCTION state.open_channel(p_record json, p_deposit bigint, p_settled bigint) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_epoch constant bigint := (SELECT epoch FROM state.epoch);
  v_channel state.channel;
BEGIN
  PERFORM state.require_open();
  INSERT INTO state.channel AS c (channel_key, record, deposit, settled, spent, epoch)
  VALUES (p_record ->> 'channelKey', p_record, p_deposit, p_settled, p_settled, v_epoch)
  ON CONFLICT (channel_key) DO UPDATE SET record = coalesce(c.record, excluded.record),
    deposit = greatest(c.deposit, excluded.deposit), settled = greatest(c.settled, excluded.settled),
    spent = CASE WHEN c.record IS NULL OR c.epoch <> v_epoch THEN greatest(c.spent, excluded.settled) ELSE c.spent END,
    epoch = v_epoch
  RETURNING c.* INTO v_channel;
  RETURN state.channel_json(v_channel);
END $$;

-- As before, and no more than p_payer_unsettled of all channels of a payer waits for the chain. Claims of one payer wait for
-- each other; what frees room need not.
CREATE FUNCTION state.claim_voucher(p_record json, p_call text, p_spool text, p_request_hash text, p_unsettled bigint,
  p_payer_unsettled bigint)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key constant text := state.channel_key_of(p_record ->> 'claimKey');
  v_amount constant bigint := (p_record ->> 'amountAtomic')::bigint;
  v_voucher constant bigint := (p_record #>> '{details,cumulative}')::bigint;
  v_provider constant text := p_record ->> 'providerId';
  v_payer constant text := p_record ->> 'payer';
  v_channel state.channel;
  v_before json;
  v_reply json;
  v_reason text;
BEGIN
  IF v_key IS NULL OR v_voucher IS NULL THEN
    RAISE EXCEPTION '% is no claim on a channel', p_record ->> 'claimKey';
  END IF;
  PERFORM state.require_open();
  PERFORM pg_advisory_xact_lock(hashtextextended('unsettled ' || v_provider || ' ' || v_payer, 0));
  SELECT * INTO v_channel FROM state.channel WHERE channel_key = v_key FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN json_build_object('kind', 'refused', 'reason', 'unknown');
  END IF;
  SELECT record INTO v_before FROM state.claim WHERE claim_key = p_record ->> 'claimKey';
  IF NOT FOUND OR v_before ->> 'state' = 'released' THEN
    v_reason := CASE
      WHEN v_channel.channel_state <> 'open' THEN 'closed'
      WHEN v_channel.record IS NULL OR v_channel.epoch <> (SELECT epoch FROM state.epoch) THEN 'unknown'
      WHEN v_voucher > v_channel.deposit THEN 'exceeds-deposit'
      WHEN v_channel.spent + v_channel.held + v_amount > v_voucher THEN 'insufficient'
      WHEN v_channel.spent + v_channel.held + v_amount - v_channel.settled > p_unsettled THEN 'unsettled'
      WHEN v_amount + (SELECT coalesce(sum(greatest(c.spent + c.held - c.settled, 0)), 0) FROM state.channel AS c
        WHERE c.record ->> 'providerId' = v_provider AND c.record ->> 'payer' = v_payer
          AND c.channel_state <> 'closed') > p_payer_unsettled THEN 'payer-unsettled'
    END;
    IF v_reason IS NOT NULL THEN
      RETURN json_build_object('kind', 'refused', 'reason', v_reason, 'channel', state.channel_json(v_channel));
    END IF;
  END IF;
  v_reply := state.claim_open_payment(p_record, p_call, p_spool, p_request_hash);
  IF v_reply ->> 'kind' = 'claimed' AND (v_before IS NULL OR v_before ->> 'paymentId' <> p_record ->> 'paymentId') THEN
    PERFORM state.book_claim(v_key, NULL, p_record);
    SELECT * INTO v_channel FROM state.channel WHERE channel_key = v_key;
  END IF;
  RETURN json_build_object('kind', v_reply ->> 'kind', 'claim', v_reply -> 'claim',
    'channel', state.channel_json(v_channel));
END $$;

-- For gateways of the release before, which know no limit of a payer.
CREATE OR REPLACE FUNCTION state.claim_voucher(p_record json, p_call text, p_spool text, p_request_hash text,
  p_unsettled bigint)
RETURNS json LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT state.claim_voucher(p_record, p_call, p_spool, p_request_hash, p_unsettled, 9223372036854775807)
$$;

REVOKE ALL ON FUNCTION state.claim_voucher(json, text, text, text, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.claim_voucher(json, text, text, text, bigint, bigint) TO tollwright_gateway;
