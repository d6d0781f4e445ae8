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
-- A gateway tells a key what is left of its own limits, and counts the processes that share those it keeps itself.
GRANT EXECUTE ON FUNCTION state.read_windows, state.read_counters, state.list_spools TO tollwright_gateway;
