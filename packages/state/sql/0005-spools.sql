CREATE FUNCTION state.register_spool(p_spool text, p_boot text, p_host text, p_url text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO state.spool (spool_id, boot_id, host, url, registered_at_ms)
  VALUES (p_spool, p_boot, p_host, p_url, state.clock_ms())
  ON CONFLICT (spool_id) DO UPDATE SET url = excluded.url
$$;

-- Raises the incarnation once per successor, waiting for batches under way, then lists what the dead spool left.
CREATE FUNCTION state.take_over(p_dead text, p_by text)
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
    'seats', (SELECT coalesce(json_agg(json_build_object('tag', s.tag, 'spoolId', s.spool_id,
                'incarnation', s.incarnation, 'number', s.number) ORDER BY s.tag), '[]')
              FROM state.seat AS s WHERE s.spool_id = p_dead),
    'holds', state.list_holds(NULL, p_dead));
END $$;

CREATE FUNCTION state.close_spool(p_spool text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM state.spool WHERE spool_id = p_spool FOR UPDATE;
  IF EXISTS (SELECT 1 FROM state.hold WHERE spool_id = p_spool) THEN
    RAISE EXCEPTION 'spool % still has holds', p_spool;
  ELSIF EXISTS (SELECT 1 FROM state.inbox_spool WHERE spool_id = p_spool AND committed < appended) THEN
    RAISE EXCEPTION 'spool % still has items in the inbox', p_spool;
  END IF;
  PERFORM 1 FROM state.tag AS t
  WHERE t.tag IN (SELECT s.tag FROM state.seat AS s WHERE s.spool_id = p_spool)
  ORDER BY t.tag FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM state.hold WHERE spool_id = p_spool) THEN
    RAISE EXCEPTION 'spool % still has holds', p_spool;
  END IF;
  UPDATE state.seat SET incarnation = incarnation + 1 WHERE spool_id = p_spool;
  UPDATE state.spool SET incarnation = incarnation + 1, closed_at_ms = state.clock_ms()
  WHERE spool_id = p_spool AND closed_at_ms IS NULL;
END $$;

CREATE FUNCTION state.list_spools()
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('spoolId', spool_id, 'bootId', boot_id, 'host', host, 'url', url,
    'registeredAtMs', registered_at_ms, 'closedAtMs', closed_at_ms) ORDER BY registered_at_ms, spool_id), '[]')
  FROM state.spool
$$;
