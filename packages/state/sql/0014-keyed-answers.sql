-- What calls have taken of windows that run now, in the order asked. A tag that is not there has taken nothing.
CREATE FUNCTION state.read_windows(p_tag text, p_names text[], p_seconds bigint[])
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('window', u.name,
    'taken', CASE WHEN w.starts_at_ms = at.ms - at.ms % (u.seconds * 1000) THEN w.taken ELSE 0 END,
    'resetAtMs', at.ms - at.ms % (u.seconds * 1000) + u.seconds * 1000) ORDER BY u.n), '[]')
  FROM unnest(p_names, p_seconds) WITH ORDINALITY AS u (name, seconds, n)
  CROSS JOIN (
    SELECT greatest(state.clock_ms(), (SELECT t.clock_ms FROM state.tag AS t WHERE t.tag = p_tag)) AS ms
  ) AS at
  LEFT JOIN state.rate_window AS w ON w.tag = p_tag AND w.name = u.name AND w.window_seconds = u.seconds
$$;

REVOKE ALL ON FUNCTION state.read_windows FROM PUBLIC;
-- A gateway tells a key what is left of its own limits.
GRANT EXECUTE ON FUNCTION state.read_windows, state.read_counters TO tollwright_gateway;

-- Calls that were begun under an idempotency key. `note` is the gateway's own: a sealed answer, or why there is none.
CREATE TABLE state.answer (
  answer_key text PRIMARY KEY,
  call_id text NOT NULL,
  spool_id text NOT NULL,
  request_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'stored', 'unstored')),
  note text,
  ends_at_ms bigint NOT NULL
);
ALTER TABLE state.answer ALTER COLUMN note SET STORAGE EXTERNAL;
CREATE INDEX answer_ended ON state.answer (ends_at_ms);

-- First come, first served. One that runs in a spool which a successor closed was never forwarded, and gives way.
CREATE FUNCTION state.begin_answer(p_key text, p_call text, p_spool text, p_request_hash text, p_window_ms bigint)
RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_now bigint := state.clock_ms();
  v_answer state.answer;
  v_lost boolean;
BEGIN
  INSERT INTO state.answer AS a (answer_key, call_id, spool_id, request_hash, state, ends_at_ms)
  VALUES (p_key, p_call, p_spool, p_request_hash, 'running', v_now + p_window_ms)
  ON CONFLICT (answer_key) DO UPDATE SET call_id = excluded.call_id, spool_id = excluded.spool_id,
    request_hash = excluded.request_hash, state = 'running', note = NULL, ends_at_ms = excluded.ends_at_ms
  WHERE a.ends_at_ms <= v_now OR (a.state = 'running' AND EXISTS (
    SELECT 1 FROM state.spool AS s
    WHERE s.spool_id = a.spool_id AND s.closed_at_ms IS NOT NULL AND s.taken_by IS NOT NULL))
  RETURNING a.* INTO v_answer;
  IF FOUND THEN
    RETURN json_build_object('kind', 'begun');
  END IF;
  SELECT * INTO v_answer FROM state.answer WHERE answer_key = p_key;
  IF NOT FOUND THEN
    -- Freed at this moment: the caller asks again.
    RETURN json_build_object('kind', 'gone');
  END IF;
  IF v_answer.call_id = p_call AND v_answer.state = 'running' THEN
    RETURN json_build_object('kind', 'begun');
  END IF;
  v_lost := v_answer.state = 'running' AND EXISTS (
    SELECT 1 FROM state.spool AS s WHERE s.spool_id = v_answer.spool_id AND s.closed_at_ms IS NOT NULL);
  RETURN json_build_object('kind', 'taken', 'answer', json_build_object('callId', v_answer.call_id,
    'requestHash', v_answer.request_hash, 'state', CASE WHEN v_lost THEN 'lost' ELSE v_answer.state END,
    'note', v_answer.note));
END $$;

CREATE FUNCTION state.end_answer(p_key text, p_call text, p_state text, p_note text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_state = 'freed' THEN
    DELETE FROM state.answer WHERE answer_key = p_key AND call_id = p_call AND state = 'running';
  ELSE
    UPDATE state.answer SET state = p_state, note = p_note
    WHERE answer_key = p_key AND call_id = p_call AND state = 'running';
  END IF;
END $$;

REVOKE ALL ON FUNCTION state.begin_answer, state.end_answer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.begin_answer, state.end_answer TO tollwright_gateway;

-- As before, and answers whose window is over.
CREATE OR REPLACE FUNCTION state.purge()
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_now bigint := state.clock_ms();
  v_old bigint := v_now - 40 * 86400000::bigint;
BEGIN
  DELETE FROM state.answer WHERE ends_at_ms <= v_now;
  DELETE FROM state.rate_window WHERE starts_at_ms + window_seconds * 1000 < v_now - 3600000;
  DELETE FROM state.counter WHERE ends_at_ms < v_old AND held = 0;
  DELETE FROM state.change AS c WHERE EXISTS (
    SELECT 1 FROM state.change AS newer WHERE newer.kind = c.kind AND newer.id = c.id AND newer.sequence > c.sequence);
  DELETE FROM state.seat AS t USING state.spool AS s WHERE s.spool_id = t.spool_id AND s.closed_at_ms < v_now - 3600000;
  DELETE FROM state.spool AS s WHERE s.closed_at_ms < v_old;
END $$;
