-- The same as append_inbox for items that a spool has already written as JSON: one array, numbered on from p_first.
-- One text to parse instead of one array element to quote for each item.
CREATE FUNCTION state.append_inbox_json(p_spool text, p_first bigint, p_items json)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_appended bigint;
  v_last bigint := p_first - 1 + json_array_length(p_items);
BEGIN
  INSERT INTO state.inbox_spool (spool_id, appended, committed) VALUES (p_spool, 0, 0) ON CONFLICT (spool_id) DO NOTHING;
  SELECT appended INTO v_appended FROM state.inbox_spool WHERE spool_id = p_spool FOR NO KEY UPDATE;
  IF v_last <= v_appended THEN
    RETURN;
  END IF;
  IF p_first > v_appended + 1 THEN
    RAISE EXCEPTION 'spool % appended from % leaves a gap after %', p_spool, p_first, v_appended;
  END IF;
  INSERT INTO state.inbox (spool_id, sequence, item)
  SELECT p_spool, p_first - 1 + u.place, u.item
  FROM json_array_elements(p_items) WITH ORDINALITY AS u (item, place) WHERE p_first - 1 + u.place > v_appended;
  UPDATE state.inbox_spool SET appended = v_last WHERE spool_id = p_spool;
END $$;

REVOKE ALL ON FUNCTION state.append_inbox_json FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.append_inbox_json TO tollwright_gateway;
