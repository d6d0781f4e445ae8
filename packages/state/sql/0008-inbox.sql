-- Takes in what is new and ignores what came before. A gap is refused: acknowledging past it would lose the missing items.
CREATE FUNCTION state.append_inbox(p_spool text, p_sequences bigint[], p_items json[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_appended bigint;
  v_count bigint;
  v_last bigint;
BEGIN
  INSERT INTO state.inbox_spool (spool_id, appended, committed) VALUES (p_spool, 0, 0) ON CONFLICT (spool_id) DO NOTHING;
  SELECT appended INTO v_appended FROM state.inbox_spool WHERE spool_id = p_spool FOR NO KEY UPDATE;
  INSERT INTO state.inbox (spool_id, sequence, item)
  SELECT p_spool, u.sequence, u.item FROM unnest(p_sequences, p_items) AS u (sequence, item) WHERE u.sequence > v_appended;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count = 0 THEN
    RETURN;
  END IF;
  SELECT max(sequence) INTO v_last FROM unnest(p_sequences) AS sequence;
  IF v_last <> v_appended + v_count THEN
    RAISE EXCEPTION 'spool % appended up to % leaves a gap after %', p_spool, v_last, v_appended;
  END IF;
  UPDATE state.inbox_spool SET appended = v_last WHERE spool_id = p_spool;
END $$;

CREATE FUNCTION state.inbox_watermark(p_spool text)
RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT committed FROM state.inbox_spool WHERE spool_id = p_spool), 0)
$$;

CREATE FUNCTION state.pending_inbox()
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(spool_id ORDER BY spool_id), '[]') FROM state.inbox_spool WHERE committed < appended
$$;

CREATE FUNCTION state.read_inbox(p_spool text, p_after bigint, p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('sequence', i.sequence, 'item', i.item) ORDER BY i.sequence), '[]')
  FROM (SELECT sequence, item FROM state.inbox WHERE spool_id = p_spool AND sequence > p_after
        ORDER BY sequence LIMIT p_limit) AS i
$$;

CREATE FUNCTION state.acknowledge_inbox(p_spool text, p_sequence bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO state.inbox_spool AS s (spool_id, appended, committed) VALUES (p_spool, p_sequence, p_sequence)
  ON CONFLICT (spool_id) DO UPDATE SET committed = greatest(s.committed, excluded.committed),
    appended = greatest(s.appended, excluded.committed);
  DELETE FROM state.inbox WHERE spool_id = p_spool AND sequence <= p_sequence;
END $$;

-- Forgets what nothing can ask for again: windows ended an hour ago, counters without holds of periods ended 40 days ago,
-- changes that a newer one of the same subject repeats, seats of closed spools, spools closed 40 days ago.
CREATE FUNCTION state.purge()
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_now bigint := state.clock_ms();
  v_old bigint := v_now - 40 * 86400000::bigint;
BEGIN
  DELETE FROM state.rate_window WHERE starts_at_ms + window_seconds * 1000 < v_now - 3600000;
  DELETE FROM state.counter WHERE ends_at_ms < v_old AND held = 0;
  DELETE FROM state.change AS c WHERE EXISTS (
    SELECT 1 FROM state.change AS newer WHERE newer.kind = c.kind AND newer.id = c.id AND newer.sequence > c.sequence);
  DELETE FROM state.seat AS t USING state.spool AS s WHERE s.spool_id = t.spool_id AND s.closed_at_ms < v_now - 3600000;
  DELETE FROM state.spool AS s WHERE s.closed_at_ms < v_old;
END $$;
