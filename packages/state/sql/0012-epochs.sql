-- One epoch for the whole store. Raised when anything shows that the store is not what it was; closed until every gateway has
-- said what it holds and the worker has restored the rest. A tag is of the epoch that it was made or restored in, and a batch
-- of another one changes nothing: late batches of the epoch before need no other guard.
CREATE TABLE state.epoch (
  epoch bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('open', 'closed')),
  reason text NOT NULL,
  since_ms bigint NOT NULL
);
CREATE UNIQUE INDEX epoch_only ON state.epoch ((true));
INSERT INTO state.epoch VALUES (1, 'open', 'founded', state.clock_ms());
ALTER TABLE state.tag ADD COLUMN epoch bigint NOT NULL DEFAULT 1;

-- What a gateway held when it heard of an epoch.
CREATE TABLE state.rejoin (
  epoch bigint NOT NULL,
  spool_id text NOT NULL,
  report text NOT NULL,
  PRIMARY KEY (epoch, spool_id)
);

DROP FUNCTION state.batch;

-- As before, with the epoch.
CREATE FUNCTION state.batch(
  p_tag text, p_epoch bigint, p_spool text, p_incarnation integer, p_number bigint,
  p_pair_basis integer[], p_pair_subject text[], p_pair_version bigint[],
  p_periods text[], p_nodes text[], p_node_period integer[],
  p_windows text[], p_window_seconds bigint[],
  p_calls text[], p_call_basis integer[], p_deadlines bigint[], p_reasons text[], p_take_end integer[], p_ask_end integer[],
  p_take_window integer[], p_take_limit bigint[],
  p_ask_node integer[], p_ask_amount bigint[], p_ask_limit bigint[],
  p_settle_calls text[], p_charge_call text[], p_charge_node text[], p_charge_amount bigint[]
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  v_identity text;
  v_epoch bigint;
  v_clock_ms bigint;
  v_incarnation integer;
  v_number bigint := 0;
  v_reply text;
  v_closed_at_ms bigint;
  v_now bigint;
  v_seated boolean;
BEGIN
  -- A seat is made by its first batch. The spool's row is locked before the tag's, as a takeover does.
  IF p_number = 1 THEN
    PERFORM 1 FROM state.spool WHERE spool_id = p_spool FOR SHARE;
  END IF;
  SELECT identity, epoch, clock_ms INTO v_identity, v_epoch, v_clock_ms FROM state.tag WHERE tag = p_tag FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN '{"kind":"rebuild","reason":"the store does not know this tag"}';
  ELSIF v_identity <> state.identity() THEN
    RETURN '{"kind":"rebuild","reason":"the tag was made by another store"}';
  ELSIF p_epoch < v_epoch THEN
    RETURN '{"kind":"epoch","epoch":' || v_epoch || '}';
  ELSIF p_epoch > v_epoch THEN
    RETURN '{"kind":"rebuild","reason":"the tag is of an older epoch"}';
  END IF;

  SELECT incarnation, number, reply INTO v_incarnation, v_number, v_reply
  FROM state.seat WHERE tag = p_tag AND spool_id = p_spool;
  v_seated := FOUND;
  IF NOT v_seated THEN
    v_number := 0;
    SELECT incarnation, closed_at_ms INTO v_incarnation, v_closed_at_ms FROM state.spool WHERE spool_id = p_spool;
    IF NOT FOUND THEN
      RETURN '{"kind":"rebuild","reason":"the spool is not registered"}';
    ELSIF v_closed_at_ms IS NOT NULL THEN
      RETURN '{"kind":"superseded"}';
    END IF;
  END IF;
  IF p_incarnation < v_incarnation THEN
    RETURN '{"kind":"superseded"}';
  ELSIF p_incarnation > v_incarnation THEN
    RETURN '{"kind":"rebuild","reason":"the incarnation is ahead of the store"}';
  ELSIF p_number = v_number THEN
    RETURN v_reply;
  ELSIF p_number < v_number THEN
    RETURN '{"kind":"rebuild","reason":"the number is behind"}';
  ELSIF p_number > v_number + 1 THEN
    RETURN '{"kind":"rebuild","reason":"the number is ahead of the store"}';
  END IF;

  v_now := greatest(state.clock_ms(), v_clock_ms);
  IF v_now / 1000 > v_clock_ms / 1000 THEN
    UPDATE state.tag SET clock_ms = v_now WHERE tag = p_tag;
  END IF;
  v_reply := state.apply_items(
    p_tag, p_spool, v_now, p_pair_basis, p_pair_subject, p_pair_version, p_periods, p_nodes, p_node_period,
    p_windows, p_window_seconds, p_calls, p_call_basis, p_deadlines, p_reasons, p_take_end, p_ask_end,
    p_take_window, p_take_limit, p_ask_node, p_ask_amount, p_ask_limit,
    p_settle_calls, p_charge_call, p_charge_node, p_charge_amount);
  IF v_seated THEN
    UPDATE state.seat SET number = p_number, reply = v_reply WHERE tag = p_tag AND spool_id = p_spool;
  ELSE
    INSERT INTO state.seat (tag, spool_id, incarnation, number, reply)
    VALUES (p_tag, p_spool, p_incarnation, p_number, v_reply);
  END IF;
  RETURN v_reply;
END $$;

CREATE FUNCTION state.current_epoch() RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object('epoch', epoch, 'kind', kind, 'reason', reason, 'sinceMs', since_ms) FROM state.epoch
$$;

-- Once for all who saw the same epoch.
CREATE FUNCTION state.raise_epoch(p_above bigint, p_reason text) RETURNS json LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE state.epoch SET epoch = p_above + 1, kind = 'closed', reason = p_reason, since_ms = state.clock_ms()
  WHERE epoch <= p_above;
  RETURN state.current_epoch();
END $$;

CREATE FUNCTION state.closed_epoch(p_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM state.epoch WHERE epoch = p_epoch AND kind = 'closed' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'epoch % is not being rebuilt', p_epoch;
  END IF;
END $$;

CREATE FUNCTION state.rejoin_epoch(p_epoch bigint, p_spool text, p_report text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM state.closed_epoch(p_epoch);
  INSERT INTO state.rejoin (epoch, spool_id, report) VALUES (p_epoch, p_spool, p_report)
  ON CONFLICT (epoch, spool_id) DO NOTHING;
END $$;

CREATE FUNCTION state.rejoined(p_epoch bigint) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(report ORDER BY spool_id), '[]') FROM state.rejoin WHERE epoch = p_epoch
$$;

-- Makes the tag anew: what was spent, and what running calls hold. Numbers begin again at 1.
CREATE FUNCTION state.restore_tag(p_epoch bigint, p_tag text, p_counters json, p_holds json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM state.closed_epoch(p_epoch);
  INSERT INTO state.tag AS t (tag, identity, epoch) VALUES (p_tag, state.identity(), p_epoch)
  ON CONFLICT (tag) DO UPDATE SET identity = excluded.identity, epoch = excluded.epoch;
  DELETE FROM state.counter WHERE tag = p_tag;
  DELETE FROM state.hold WHERE tag = p_tag;
  DELETE FROM state.seat WHERE tag = p_tag;
  INSERT INTO state.counter (tag, node, period_id, period, ends_at_ms, limit_amount, spent, held)
  SELECT p_tag, c.node, c.period_id, c.period, c.ends_at_ms, c.limit_amount, c.spent, c.held
  FROM json_to_recordset(p_counters) AS c (node text, period_id text, period text, ends_at_ms bigint, limit_amount bigint,
    spent bigint, held bigint);
  INSERT INTO state.hold (tag, call_id, spool_id, nodes, period_ids, amounts, since_ms, deadline_ms, reason)
  SELECT p_tag, h.call_id, h.spool_id, h.nodes, h.period_ids, h.amounts, h.since_ms, h.deadline_ms, h.reason
  FROM json_to_recordset(p_holds) AS h (call_id text, spool_id text, nodes text[], period_ids text[], amounts bigint[],
    since_ms bigint, deadline_ms bigint, reason text);
END $$;

-- A claim that is stored further on stays.
CREATE FUNCTION state.restore_claim(p_epoch bigint, p_record json, p_call text, p_spool text, p_request_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
  WHERE c.payment_id <> excluded.payment_id AND c.payment_state = 'released'
    OR c.payment_id = excluded.payment_id AND c.version < excluded.version;
END $$;

CREATE FUNCTION state.open_epoch(p_epoch bigint) RETURNS json LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE state.epoch SET kind = 'open', since_ms = state.clock_ms() WHERE epoch = p_epoch AND kind = 'closed';
  DELETE FROM state.rejoin WHERE epoch <= p_epoch;
  RETURN state.current_epoch();
END $$;

-- Claims and their moves wait for the epoch to be open; whoever asks may ask again.
CREATE FUNCTION state.require_open() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT kind FROM state.epoch) <> 'open' THEN
    RAISE EXCEPTION 'the store is being rebuilt' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END $$;

ALTER FUNCTION state.claim_payment RENAME TO claim_open_payment;
ALTER FUNCTION state.move_claim RENAME TO move_open_claim;
REVOKE ALL ON FUNCTION state.claim_open_payment, state.move_open_claim
FROM tollwright_gateway, tollwright_worker, tollwright_portal;

CREATE FUNCTION state.claim_payment(p_record json, p_call text, p_spool text, p_request_hash text)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM state.require_open();
  RETURN state.claim_open_payment(p_record, p_call, p_spool, p_request_hash);
END $$;

CREATE FUNCTION state.move_claim(p_claim_key text, p_from_state text, p_from_version bigint, p_record json)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM state.require_open();
  RETURN state.move_open_claim(p_claim_key, p_from_state, p_from_version, p_record);
END $$;

REVOKE ALL ON FUNCTION state.batch, state.current_epoch, state.raise_epoch, state.closed_epoch, state.rejoin_epoch,
  state.rejoined, state.restore_tag, state.restore_claim, state.open_epoch, state.require_open, state.claim_payment,
  state.move_claim FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.batch, state.current_epoch, state.raise_epoch, state.rejoin_epoch, state.claim_payment,
  state.move_claim TO tollwright_gateway;
GRANT EXECUTE ON FUNCTION state.current_epoch, state.raise_epoch, state.rejoined, state.restore_tag, state.restore_claim,
  state.open_epoch, state.move_claim TO tollwright_worker;
GRANT EXECUTE ON FUNCTION state.current_epoch TO tollwright_portal;

-- As before, but a closed epoch makes no tag: the customer may have had one that is to be restored.
CREATE OR REPLACE FUNCTION state.put_customer(p_record json, p_hashes text[], p_keys json[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_customer text := p_record ->> 'customerId';
  v_version bigint := (p_record ->> 'version')::bigint;
BEGIN
  INSERT INTO state.tag (tag, identity, epoch)
  SELECT 'c:' || v_customer, state.identity(), e.epoch FROM state.epoch AS e WHERE e.kind = 'open'
  ON CONFLICT (tag) DO NOTHING;
  PERFORM 1 FROM state.tag WHERE tag = 'c:' || v_customer FOR NO KEY UPDATE;
  INSERT INTO state.customer AS c (customer_id, version, record) VALUES (v_customer, v_version, p_record)
  ON CONFLICT (customer_id) DO UPDATE SET version = excluded.version, record = excluded.record
  WHERE c.version < excluded.version;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM state.api_key WHERE customer_id = v_customer AND NOT hash = ANY (p_hashes);
  INSERT INTO state.api_key AS k (hash, customer_id, record)
  SELECT u.hash, v_customer, u.record FROM unnest(p_hashes, p_keys) AS u (hash, record)
  ON CONFLICT (hash) DO UPDATE SET record = excluded.record WHERE k.customer_id = excluded.customer_id;
  IF (SELECT count(*) FROM state.api_key WHERE customer_id = v_customer) <> cardinality(p_hashes) THEN
    RAISE EXCEPTION 'a key hash belongs to another customer';
  END IF;
  INSERT INTO state.subject (subject, version) VALUES ('customer:' || v_customer, v_version)
  ON CONFLICT (subject) DO UPDATE SET version = excluded.version;
  PERFORM state.log_change('customer', v_customer, v_version);
END $$;

-- As before; each seat says the epoch that its tag is of.
CREATE OR REPLACE FUNCTION state.take_over(p_dead text, p_by text)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_incarnation integer;
  v_taken_by text;
BEGIN
  SELECT incarnation, taken_by INTO v_incarnation, v_taken_by FROM state.spool WHERE spool_id = p_dead FOR UPDATE;
  IF v_incarnation IS NOT NULL AND v_taken_by IS DISTINCT FROM p_by THEN
    v_incarnation := v_incarnation + 1;
    UPDATE state.spool SET incarnation = v_incarnation, taken_by = p_by WHERE spool_id = p_dead;
    PERFORM 1 FROM state.tag AS t
    WHERE t.tag IN (SELECT s.tag FROM state.seat AS s WHERE s.spool_id = p_dead)
    ORDER BY t.tag FOR NO KEY UPDATE;
    UPDATE state.seat SET incarnation = v_incarnation WHERE spool_id = p_dead;
  END IF;
  RETURN json_build_object(
    'incarnation', coalesce(v_incarnation, 1),
    'seats', (SELECT coalesce(json_agg(json_build_object('tag', s.tag, 'epoch', t.epoch, 'spoolId', s.spool_id,
                'incarnation', s.incarnation, 'number', s.number) ORDER BY s.tag), '[]')
              FROM state.seat AS s JOIN state.tag AS t ON t.tag = s.tag WHERE s.spool_id = p_dead),
    'holds', state.list_holds(NULL, p_dead));
END $$;
