-- Applies the items of one batch under the tag's lock and answers them as JSON text. Settles come first, so that what they
-- free can be asked for; then reserves in their order, each all or nothing. Each counter is read once and written once.
--
-- Lists are interned by the caller: `p_nodes` are the distinct (node, period) pairs asked for, `p_windows` the distinct
-- windows, a basis is a distinct set of (subject, version). `p_take_end` and `p_ask_end` say where each call's part of
-- `p_take_*` and `p_ask_*` ends. All indexes are from 1.
--
-- A reserve is answered [0, remaining.., spent, held, ..] granted | [1, window] full | [2|3, node, spent, held] exhausted
-- or held | [4, subject, version] stale, where `window` and `node` are positions within the call, from 0.
CREATE FUNCTION state.apply_items(
  p_tag text, p_spool text, p_now bigint,
  p_pair_basis integer[], p_pair_subject text[], p_pair_version bigint[],
  p_periods text[], p_nodes text[], p_node_period integer[],
  p_windows text[], p_window_seconds bigint[],
  p_calls text[], p_call_basis integer[], p_deadlines bigint[], p_reasons text[], p_take_end integer[], p_ask_end integer[],
  p_take_window integer[], p_take_limit bigint[],
  p_ask_node integer[], p_ask_amount bigint[], p_ask_limit bigint[],
  p_settle_calls text[], p_charge_call text[], p_charge_node text[], p_charge_amount bigint[]
) RETURNS text LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_period_ids text[] := '{}';
  v_period_ends bigint[] := '{}';
  v_periods_json text := '';
  v_settled_json text := '';
  v_gone text[] := '{}';
  v_set_nodes text[] := '{}';
  v_set_period_ids text[] := '{}';
  v_set_released bigint[] := '{}';
  v_set_charged bigint[] := '{}';
  v_nodes text[];
  v_node_period_ids text[];
  v_spent bigint[];
  v_held bigint[];
  v_limits bigint[];
  v_known boolean[];
  v_dirty boolean[];
  v_taken bigint[];
  v_window_dirty boolean[];
  v_stale text[] := '{}';
  v_granted boolean[] := '{}';
  v_ask_from integer[] := '{}';
  v_reply text;
  v_out text := '';
  v_row record;
  v_take_lo integer := 1;
  v_take_hi integer;
  v_ask_lo integer := 1;
  v_ask_hi integer;
  v_new boolean := false;
  k integer;
BEGIN
  FOR i IN 1 .. cardinality(p_periods) LOOP
    SELECT at.id, at.ends_at_ms INTO v_row FROM state.period_at(p_periods[i], p_now) AS at;
    v_period_ids[i] := v_row.id;
    v_period_ends[i] := v_row.ends_at_ms;
    v_periods_json := v_periods_json || ',["' || v_row.id || '",' || coalesce(v_row.ends_at_ms::text, 'null') || ']';
  END LOOP;

  IF cardinality(p_settle_calls) > 0 THEN
    WITH gone AS (
      DELETE FROM state.hold
      WHERE tag = p_tag AND call_id = ANY (p_settle_calls) AND spool_id = p_spool
      RETURNING call_id, nodes, period_ids, amounts
    ), part AS (
      SELECT gone.call_id, u.node, u.period_id, u.amount
      FROM gone CROSS JOIN LATERAL unnest(gone.nodes, gone.period_ids, gone.amounts) AS u (node, period_id, amount)
    ), delta AS (
      SELECT part.node, part.period_id, sum(part.amount)::bigint AS released,
        sum(least(part.amount, coalesce(charge.amount, 0)))::bigint AS charged
      FROM part
      LEFT JOIN unnest(p_charge_call, p_charge_node, p_charge_amount) AS charge (call_id, node, amount)
        ON charge.call_id = part.call_id AND charge.node = part.node
      GROUP BY part.node, part.period_id
    )
    SELECT coalesce((SELECT array_agg(call_id) FROM gone), '{}'), coalesce(array_agg(node), '{}'),
      coalesce(array_agg(period_id), '{}'), coalesce(array_agg(released), '{}'), coalesce(array_agg(charged), '{}')
    INTO v_gone, v_set_nodes, v_set_period_ids, v_set_released, v_set_charged FROM delta;
    SELECT string_agg(CASE WHEN u.call_id = ANY (v_gone) THEN '1' ELSE '0' END, ',' ORDER BY u.n)
    INTO v_settled_json FROM unnest(p_settle_calls) WITH ORDINALITY AS u (call_id, n);
  END IF;

  -- Working copies: first the nodes asked for, under the caller's indexes, then those that settles alone touch.
  -- Each list is ordered by place: a join answers in no order of its own.
  SELECT array_agg(w.node ORDER BY w.place), array_agg(w.period_id ORDER BY w.place),
    array_agg(coalesce(c.spent, 0) + w.charged ORDER BY w.place),
    array_agg(coalesce(c.held, 0) - w.released ORDER BY w.place), array_agg(c.limit_amount ORDER BY w.place),
    array_agg(c.tag IS NOT NULL ORDER BY w.place), array_agg(w.settles ORDER BY w.place)
  INTO v_nodes, v_node_period_ids, v_spent, v_held, v_limits, v_known, v_dirty
  FROM (
    SELECT coalesce(a.node, s.node) AS node, coalesce(a.period_id, s.period_id) AS period_id,
      coalesce(s.charged, 0) AS charged, coalesce(s.released, 0) AS released, s.n IS NOT NULL AS settles,
      row_number() OVER (ORDER BY a.n NULLS LAST) AS place
    FROM (SELECT u.node, v_period_ids[u.period] AS period_id, u.n
          FROM unnest(p_nodes, p_node_period) WITH ORDINALITY AS u (node, period, n)) AS a
    FULL JOIN unnest(v_set_nodes, v_set_period_ids, v_set_released, v_set_charged)
      WITH ORDINALITY AS s (node, period_id, released, charged, n) ON s.node = a.node AND s.period_id = a.period_id
  ) AS w
  LEFT JOIN state.counter AS c ON c.tag = p_tag AND c.node = w.node AND c.period_id = w.period_id;

  IF cardinality(p_windows) > 0 THEN
    SELECT array_agg(coalesce(w.taken, 0) ORDER BY u.n), array_agg(false) INTO v_taken, v_window_dirty
    FROM unnest(p_windows, p_window_seconds) WITH ORDINALITY AS u (name, seconds, n)
    LEFT JOIN state.rate_window AS w ON w.tag = p_tag AND w.name = u.name AND w.window_seconds = u.seconds
      AND w.starts_at_ms = p_now - p_now % (u.seconds * 1000);
  END IF;

  FOR v_row IN
    SELECT u.basis, s.subject, s.version
    FROM unnest(p_pair_basis, p_pair_subject, p_pair_version) AS u (basis, subject, version)
    JOIN state.subject AS s ON s.subject = u.subject AND s.version > u.version
  LOOP
    v_stale[v_row.basis] := '[4,' || to_json(v_row.subject)::text || ',' || v_row.version || ']';
  END LOOP;

  FOR i IN 1 .. cardinality(p_calls) LOOP
    v_take_hi := p_take_end[i];
    v_ask_hi := p_ask_end[i];
    v_ask_from[i] := v_ask_lo;
    v_reply := v_stale[p_call_basis[i]];
    IF v_reply IS NULL THEN
      FOR j IN v_take_lo .. v_take_hi LOOP
        IF v_taken[p_take_window[j]] >= p_take_limit[j] THEN
          v_reply := '[1,' || j - v_take_lo || ']';
          EXIT;
        END IF;
      END LOOP;
    END IF;
    IF v_reply IS NULL THEN
      FOR j IN v_ask_lo .. v_ask_hi LOOP
        k := p_ask_node[j];
        CONTINUE WHEN p_ask_amount[j] <= p_ask_limit[j] - v_spent[k] - v_held[k];
        -- What is spent stays spent: such a node is named rather than one that running calls may still free.
        IF p_ask_amount[j] > p_ask_limit[j] - v_spent[k] THEN
          v_reply := '[2,' || j - v_ask_lo || ',' || v_spent[k] || ',' || v_held[k] || ']';
          EXIT;
        ELSIF v_reply IS NULL THEN
          v_reply := '[3,' || j - v_ask_lo || ',' || v_spent[k] || ',' || v_held[k] || ']';
        END IF;
      END LOOP;
    END IF;
    IF v_reply IS NULL THEN
      v_granted[i] := true;
      v_reply := '[0';
      FOR j IN v_take_lo .. v_take_hi LOOP
        k := p_take_window[j];
        v_taken[k] := v_taken[k] + 1;
        v_window_dirty[k] := true;
        v_reply := v_reply || ',' || p_take_limit[j] - v_taken[k];
      END LOOP;
      FOR j IN v_ask_lo .. v_ask_hi LOOP
        k := p_ask_node[j];
        v_held[k] := v_held[k] + p_ask_amount[j];
        v_limits[k] := p_ask_limit[j];
        v_dirty[k] := true;
        v_new := v_new OR NOT v_known[k];
        v_reply := v_reply || ',' || v_spent[k] || ',' || v_held[k];
      END LOOP;
      v_reply := v_reply || ']';
    ELSE
      v_granted[i] := false;
    END IF;
    v_out := v_out || ',' || v_reply;
    v_take_lo := v_take_hi + 1;
    v_ask_lo := v_ask_hi + 1;
  END LOOP;

  UPDATE state.counter AS c SET spent = u.spent, held = u.held, limit_amount = u.limit_amount
  FROM unnest(v_nodes, v_node_period_ids, v_spent, v_held, v_limits, v_known, v_dirty)
    AS u (node, period_id, spent, held, limit_amount, known, dirty)
  WHERE u.dirty AND u.known AND c.tag = p_tag AND c.node = u.node AND c.period_id = u.period_id;
  IF v_new THEN
    INSERT INTO state.counter (tag, node, period_id, period, ends_at_ms, limit_amount, spent, held)
    SELECT p_tag, v_nodes[n], v_node_period_ids[n], p_periods[p_node_period[n]], v_period_ends[p_node_period[n]],
      v_limits[n], v_spent[n], v_held[n]
    FROM generate_series(1, cardinality(p_nodes)) AS n WHERE v_dirty[n] AND NOT v_known[n];
  END IF;
  IF true = ANY (v_window_dirty) THEN
    INSERT INTO state.rate_window AS w (tag, name, window_seconds, starts_at_ms, taken)
    SELECT p_tag, u.name, u.seconds, p_now - p_now % (u.seconds * 1000), u.taken
    FROM unnest(p_windows, p_window_seconds, v_taken, v_window_dirty) AS u (name, seconds, taken, dirty) WHERE u.dirty
    ON CONFLICT (tag, name, window_seconds) DO UPDATE SET starts_at_ms = excluded.starts_at_ms, taken = excluded.taken;
  END IF;
  IF true = ANY (v_granted) THEN
    SELECT coalesce(array_agg(v_nodes[u.node] ORDER BY u.n), '{}'),
      coalesce(array_agg(v_node_period_ids[u.node] ORDER BY u.n), '{}')
    INTO v_set_nodes, v_set_period_ids FROM unnest(p_ask_node) WITH ORDINALITY AS u (node, n);
    INSERT INTO state.hold (tag, call_id, spool_id, nodes, period_ids, amounts, since_ms, deadline_ms, reason)
    SELECT p_tag, u.call_id, p_spool, v_set_nodes[u.lo:u.hi], v_set_period_ids[u.lo:u.hi], p_ask_amount[u.lo:u.hi],
      p_now, u.deadline, u.reason
    FROM unnest(p_calls, v_ask_from, p_ask_end, p_deadlines, p_reasons, v_granted)
      AS u (call_id, lo, hi, deadline, reason, granted)
    WHERE u.granted;
  END IF;

  RETURN '{"kind":"done","nowMs":' || p_now || ',"periods":[' || substr(v_periods_json, 2) || '],"reserves":['
    || substr(v_out, 2) || '],"settled":[' || v_settled_json || ']}';
END $$;
