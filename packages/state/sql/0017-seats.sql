-- Seats that nobody uses are closed, and a tag is left no larger than before: it keeps one number, the highest that a closed
-- seat had. A late batch of that seat carries no higher one, so it is never taken for the first of another.
ALTER TABLE state.tag ADD COLUMN closed_number bigint NOT NULL DEFAULT 0;

DROP FUNCTION state.batch;

-- As before; a seat begins with any number above those of seats that were closed.
CREATE FUNCTION state.batch(
  p_tag text, p_epoch bigint, p_spool text, p_incarnation integer, p_number bigint, p_opens boolean,
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
  v_closed_number bigint;
  v_incarnation integer;
  v_number bigint := 0;
  v_reply text;
  v_closed_at_ms bigint;
  v_now bigint;
  v_seated boolean;
  v_seat_opens boolean;
BEGIN
  -- A seat is made by its first batch. The spool's row is locked before the tag's, as a takeover does.
  IF p_opens OR p_number = 1 THEN
    PERFORM 1 FROM state.spool WHERE spool_id = p_spool FOR SHARE;
  END IF;
  SELECT identity, epoch, clock_ms, closed_number INTO v_identity, v_epoch, v_clock_ms, v_closed_number
  FROM state.tag WHERE tag = p_tag FOR NO KEY UPDATE;
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
    v_seat_opens := p_incarnation = v_incarnation AND (p_opens OR p_number = 1);
    IF v_seat_opens AND p_number <= v_closed_number THEN
      RETURN '{"kind":"begin","after":' || v_closed_number || '}';
    ELSIF v_seat_opens THEN
      v_number := p_number - 1;
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

-- Forgets a seat whose last number is the one named, unless its spool holds something there.
CREATE FUNCTION state.close_seat(p_tag text, p_epoch bigint, p_spool text, p_incarnation integer, p_number bigint)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tag state.tag;
  v_incarnation integer;
  v_number bigint;
  v_closed_at_ms bigint;
  v_seated boolean;
BEGIN
  SELECT * INTO v_tag FROM state.tag WHERE tag = p_tag FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN '{"kind":"rebuild","reason":"the store does not know this tag"}';
  ELSIF v_tag.identity <> state.identity() THEN
    RETURN '{"kind":"rebuild","reason":"the tag was made by another store"}';
  ELSIF p_epoch < v_tag.epoch THEN
    RETURN json_build_object('kind', 'epoch', 'epoch', v_tag.epoch);
  ELSIF p_epoch > v_tag.epoch THEN
    RETURN '{"kind":"rebuild","reason":"the tag is of an older epoch"}';
  END IF;
  SELECT incarnation, number INTO v_incarnation, v_number FROM state.seat WHERE tag = p_tag AND spool_id = p_spool;
  v_seated := FOUND;
  IF NOT v_seated THEN
    SELECT incarnation, closed_at_ms INTO v_incarnation, v_closed_at_ms FROM state.spool WHERE spool_id = p_spool;
  END IF;
  IF p_incarnation < v_incarnation OR v_closed_at_ms IS NOT NULL THEN
    RETURN '{"kind":"superseded"}';
  ELSIF NOT v_seated AND p_number <= v_tag.closed_number THEN
    RETURN '{"kind":"closed"}';
  ELSIF NOT v_seated OR p_incarnation > v_incarnation OR p_number <> v_number THEN
    RETURN '{"kind":"rebuild","reason":"the seat has another number"}';
  ELSIF EXISTS (SELECT 1 FROM state.hold WHERE tag = p_tag AND spool_id = p_spool) THEN
    RETURN '{"kind":"held"}';
  END IF;
  DELETE FROM state.seat WHERE tag = p_tag AND spool_id = p_spool;
  UPDATE state.tag SET closed_number = greatest(closed_number, p_number) WHERE tag = p_tag;
  RETURN '{"kind":"closed"}';
END $$;

-- Settles holds of a spool that was taken over, whatever its seats say; nothing of it is under way any more.
CREATE FUNCTION state.settle_taken(p_tag text, p_spool text, p_settle_calls text[], p_charge_call text[],
  p_charge_node text[], p_charge_amount bigint[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tag state.tag;
BEGIN
  PERFORM 1 FROM state.spool WHERE spool_id = p_spool AND taken_by IS NOT NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'spool % was not taken over', p_spool;
  END IF;
  SELECT * INTO v_tag FROM state.tag WHERE tag = p_tag FOR NO KEY UPDATE;
  IF v_tag.identity IS DISTINCT FROM state.identity() THEN
    RAISE EXCEPTION 'the tag % is to be rebuilt', p_tag;
  END IF;
  PERFORM state.apply_items(p_tag, p_spool, greatest(state.clock_ms(), v_tag.clock_ms), '{}', '{}', '{}', '{}', '{}', '{}',
    '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
    p_settle_calls, p_charge_call, p_charge_node, p_charge_amount);
END $$;

REVOKE ALL ON FUNCTION state.batch, state.close_seat, state.settle_taken FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.batch, state.close_seat TO tollwright_gateway;
-- An operator writes a machine off with the worker's role, which reserves nothing.
GRANT EXECUTE ON FUNCTION state.take_over, state.settle_taken, state.rejoin_epoch TO tollwright_worker;
