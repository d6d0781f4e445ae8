-- Deposits on a chain that payers spend by vouchers. `spent` and `held` are the sums of the claims on a channel that are
-- settled, and that are under way; they change in the step that claims or moves, so that all claims together never pass what
-- the payer has signed. A channel that was only restored has no record until somebody has read its chain.
CREATE TABLE state.channel (
  channel_key text PRIMARY KEY,
  channel_state text NOT NULL DEFAULT 'open' CHECK (channel_state IN ('open', 'closing', 'closed')),
  record json,
  deposit bigint NOT NULL DEFAULT 0,
  settled bigint NOT NULL DEFAULT 0,
  spent bigint NOT NULL DEFAULT 0 CHECK (spent >= 0),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  voucher bigint,
  signature text,
  transaction text
);
CREATE INDEX channel_closing ON state.channel (channel_key) WHERE channel_state = 'closing';

CREATE FUNCTION state.channel_key_of(p_claim_key text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_claim_key LIKE 'channel:%#%' THEN split_part(p_claim_key, '#', 1) END
$$;

CREATE FUNCTION state.channel_json(p_channel state.channel) RETURNS json LANGUAGE sql IMMUTABLE AS $$
  SELECT json_build_object('channelKey', p_channel.channel_key, 'state', p_channel.channel_state,
    'record', p_channel.record, 'depositAtomic', p_channel.deposit::text, 'settledAtomic', p_channel.settled::text,
    'spentAtomic', p_channel.spent::text, 'heldAtomic', p_channel.held::text,
    'voucherAtomic', p_channel.voucher::text, 'signature', p_channel.signature, 'transaction', p_channel.transaction)
$$;

-- What a payment in a state takes of its channel while its call runs, and for good.
CREATE FUNCTION state.held_by(p_record json) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_record ->> 'state' IN ('claimed', 'verified', 'served', 'settling', 'unknown')
    THEN (p_record ->> 'amountAtomic')::bigint ELSE 0 END
$$;
CREATE FUNCTION state.spent_by(p_record json) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_record ->> 'state' IN ('settled', 'refunding', 'refunded', 'credited')
    THEN (p_record ->> 'amountAtomic')::bigint ELSE 0 END
$$;

-- Takes a claim's step into its channel, whose row is locked. Vouchers only grow.
CREATE FUNCTION state.book_claim(p_key text, p_before json, p_after json) RETURNS void LANGUAGE sql AS $$
  UPDATE state.channel SET
    held = held + coalesce(state.held_by(p_after), 0) - coalesce(state.held_by(p_before), 0),
    spent = spent + coalesce(state.spent_by(p_after), 0) - coalesce(state.spent_by(p_before), 0),
    signature = CASE WHEN (p_after #>> '{details,cumulative}')::bigint > coalesce(voucher, -1)
      THEN p_after #>> '{details,signature}' ELSE signature END,
    voucher = greatest(voucher, (p_after #>> '{details,cumulative}')::bigint)
  WHERE channel_key = p_key
$$;

CREATE FUNCTION state.get_channel(p_key text) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT state.channel_json(c) FROM state.channel AS c WHERE c.channel_key = p_key
$$;

-- Makes a channel as its chain has it, or raises what grows there. What was settled before anybody here knew the channel
-- counts as spent.
CREATE FUNCTION state.open_channel(p_record json, p_deposit bigint, p_settled bigint) RETURNS json LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_channel state.channel;
BEGIN
  PERFORM state.require_open();
  INSERT INTO state.channel AS c (channel_key, record, deposit, settled, spent)
  VALUES (p_record ->> 'channelKey', p_record, p_deposit, p_settled, p_settled)
  ON CONFLICT (channel_key) DO UPDATE SET record = coalesce(c.record, excluded.record),
    deposit = greatest(c.deposit, excluded.deposit), settled = greatest(c.settled, excluded.settled),
    spent = CASE WHEN c.record IS NULL THEN greatest(c.spent, excluded.settled) ELSE c.spent END
  RETURNING c.* INTO v_channel;
  RETURN state.channel_json(v_channel);
END $$;

-- One step: the claim is free, the channel is open, its deposit covers the voucher, the voucher covers all that claims take,
-- and no more than p_unsettled waits for the chain.
CREATE FUNCTION state.claim_voucher(p_record json, p_call text, p_spool text, p_request_hash text, p_unsettled bigint)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key constant text := state.channel_key_of(p_record ->> 'claimKey');
  v_amount constant bigint := (p_record ->> 'amountAtomic')::bigint;
  v_voucher constant bigint := (p_record #>> '{details,cumulative}')::bigint;
  v_channel state.channel;
  v_before json;
  v_reply json;
  v_reason text;
BEGIN
  IF v_key IS NULL OR v_voucher IS NULL THEN
    RAISE EXCEPTION '% is no claim on a channel', p_record ->> 'claimKey';
  END IF;
  PERFORM state.require_open();
  SELECT * INTO v_channel FROM state.channel WHERE channel_key = v_key FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN json_build_object('kind', 'refused', 'reason', 'unknown');
  END IF;
  SELECT record INTO v_before FROM state.claim WHERE claim_key = p_record ->> 'claimKey';
  IF NOT FOUND OR v_before ->> 'state' = 'released' THEN
    v_reason := CASE
      WHEN v_channel.channel_state <> 'open' THEN 'closed'
      WHEN v_channel.record IS NULL THEN 'unknown'
      WHEN v_voucher > v_channel.deposit THEN 'exceeds-deposit'
      WHEN v_channel.spent + v_channel.held + v_amount > v_voucher THEN 'insufficient'
      WHEN v_channel.spent + v_channel.held + v_amount - v_channel.settled > p_unsettled THEN 'unsettled'
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

-- As before, and a claim on a channel is moved together with it.
CREATE OR REPLACE FUNCTION state.move_claim(p_claim_key text, p_from_state text, p_from_version bigint, p_record json)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key constant text := state.channel_key_of(p_claim_key);
  v_before json;
  v_reply json;
BEGIN
  PERFORM state.require_open();
  IF v_key IS NOT NULL THEN
    PERFORM 1 FROM state.channel WHERE channel_key = v_key FOR NO KEY UPDATE;
    SELECT record INTO v_before FROM state.claim WHERE claim_key = p_claim_key;
  END IF;
  v_reply := state.move_open_claim(p_claim_key, p_from_state, p_from_version, p_record);
  IF v_key IS NOT NULL AND v_reply ->> 'kind' = 'moved' THEN
    PERFORM state.book_claim(v_key, v_before, p_record);
  END IF;
  RETURN v_reply;
END $$;

-- As before, and what a restored claim takes is in its channel again.
ALTER FUNCTION state.restore_claim RENAME TO restore_claim_alone;
REVOKE ALL ON FUNCTION state.restore_claim_alone FROM tollwright_worker;
CREATE FUNCTION state.restore_claim(p_epoch bigint, p_record json, p_call text, p_spool text, p_request_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_key constant text := state.channel_key_of(p_record ->> 'claimKey');
  v_before json;
  v_after json;
BEGIN
  IF v_key IS NOT NULL THEN
    PERFORM state.closed_epoch(p_epoch);
    INSERT INTO state.channel (channel_key) VALUES (v_key) ON CONFLICT (channel_key) DO NOTHING;
    PERFORM 1 FROM state.channel WHERE channel_key = v_key FOR NO KEY UPDATE;
    SELECT record INTO v_before FROM state.claim WHERE claim_key = p_record ->> 'claimKey';
  END IF;
  PERFORM state.restore_claim_alone(p_epoch, p_record, p_call, p_spool, p_request_hash);
  IF v_key IS NOT NULL THEN
    SELECT record INTO v_after FROM state.claim WHERE claim_key = p_record ->> 'claimKey';
    PERFORM state.book_claim(v_key, v_before, v_after);
  END IF;
END $$;

-- Nothing is claimed on a channel that closes. The payer's last voucher may be higher than those that paid.
CREATE FUNCTION state.close_channel(p_key text, p_voucher bigint, p_signature text) RETURNS json LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_channel state.channel;
BEGIN
  PERFORM state.require_open();
  UPDATE state.channel AS c SET
    channel_state = CASE WHEN c.channel_state = 'open' THEN 'closing' ELSE c.channel_state END,
    signature = CASE WHEN p_voucher > coalesce(c.voucher, -1) THEN p_signature ELSE c.signature END,
    voucher = greatest(c.voucher, p_voucher)
  WHERE c.channel_key = p_key AND c.record IS NOT NULL
  RETURNING c.* INTO v_channel;
  RETURN CASE WHEN FOUND THEN state.channel_json(v_channel) END;
END $$;

CREATE FUNCTION state.closing_channels(p_after text, p_limit integer) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(state.channel_json(c) ORDER BY c.channel_key), '[]') FROM (
    SELECT * FROM state.channel WHERE channel_state = 'closing' AND channel_key > p_after ORDER BY channel_key LIMIT p_limit
  ) AS found JOIN state.channel AS c ON c.channel_key = found.channel_key
$$;

-- What the chain says of a channel after the worker has acted there. A transaction ends it.
CREATE FUNCTION state.settle_channel(p_key text, p_settled bigint, p_transaction text) RETURNS json LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_channel state.channel;
BEGIN
  UPDATE state.channel AS c SET settled = greatest(c.settled, p_settled),
    channel_state = CASE WHEN p_transaction IS NULL THEN c.channel_state ELSE 'closed' END,
    transaction = coalesce(p_transaction, c.transaction)
  WHERE c.channel_key = p_key RETURNING c.* INTO v_channel;
  RETURN CASE WHEN FOUND THEN state.channel_json(v_channel) END;
END $$;

REVOKE ALL ON TABLE state.channel FROM PUBLIC;
REVOKE ALL ON FUNCTION state.channel_key_of, state.channel_json, state.held_by, state.spent_by, state.book_claim,
  state.get_channel, state.open_channel, state.claim_voucher, state.restore_claim, state.close_channel,
  state.closing_channels, state.settle_channel FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.get_channel, state.open_channel, state.claim_voucher, state.close_channel
TO tollwright_gateway;
GRANT EXECUTE ON FUNCTION state.restore_claim, state.get_channel, state.open_channel, state.close_channel, state.closing_channels,
  state.settle_channel TO tollwright_worker;
