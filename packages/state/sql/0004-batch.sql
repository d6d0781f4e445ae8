-- The seat's protocol: who may send which number, and the same reply for the same number. Items are applied by
-- state.apply_items in this transaction. Nothing here notifies: a notifying commit takes a lock of the whole cluster.
CREATE FUNCTION state.batch(
  p_tag text, p_spool text, p_incarnation integer, p_number bigint,
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
  SELECT identity, clock_ms INTO v_identity, v_clock_ms FROM state.tag WHERE tag = p_tag FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN '{"kind":"rebuild","reason":"the store does not know this tag"}';
  ELSIF v_identity <> state.identity() THEN
    RETURN '{"kind":"rebuild","reason":"the tag was made by another store"}';
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

-- Every node of a tag with spending or holds in its running period.
CREATE FUNCTION state.read_counters(p_tag text) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  WITH at AS (
    SELECT period, running.id FROM state.tag AS t
    CROSS JOIN unnest(ARRAY['minute', 'hour', 'day', 'week', 'month', 'total']) AS period
    CROSS JOIN LATERAL state.period_at(period, greatest(state.clock_ms(), t.clock_ms)) AS running
    WHERE t.tag = p_tag
  )
  SELECT coalesce(json_agg(json_build_object('node', c.node, 'period', c.period, 'periodId', c.period_id,
    'endsAtMs', c.ends_at_ms, 'limit', c.limit_amount, 'spent', c.spent, 'held', c.held) ORDER BY c.node, c.period), '[]')
  FROM state.counter AS c JOIN at ON at.period = c.period AND at.id = c.period_id
  WHERE c.tag = p_tag AND c.spent + c.held > 0
$$;

CREATE FUNCTION state.list_holds(p_tag text, p_spool text) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('callId', h.call_id, 'tag', h.tag, 'spoolId', h.spool_id,
    'nodes', (SELECT coalesce(json_agg(json_build_object('node', u.node, 'periodId', u.period_id, 'amount', u.amount)
                ORDER BY u.n), '[]')
              FROM unnest(h.nodes, h.period_ids, h.amounts) WITH ORDINALITY AS u (node, period_id, amount, n)),
    'sinceMs', h.since_ms, 'deadlineAtMs', h.deadline_ms, 'reason', h.reason) ORDER BY h.since_ms, h.call_id), '[]')
  FROM state.hold AS h
  WHERE (p_tag IS NULL OR h.tag = p_tag) AND (p_spool IS NULL OR h.spool_id = p_spool)
$$;
