-- How far each gateway has come, by its own newest report: calls that reserved before reported_since_ms have their items at or
-- below reported_sequence. Periods are closed by it.
ALTER TABLE state.spool
  ADD COLUMN reported_at_ms bigint,
  ADD COLUMN reported_sequence bigint,
  ADD COLUMN reported_since_ms bigint;

CREATE FUNCTION state.report_spool(p_spool text, p_sequence bigint, p_since bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE state.spool
  SET reported_at_ms = state.clock_ms(), reported_sequence = p_sequence, reported_since_ms = p_since
  WHERE spool_id = p_spool AND closed_at_ms IS NULL
$$;

CREATE FUNCTION state.now_ms()
RETURNS bigint LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT state.clock_ms()
$$;

-- As before, with the newest report.
CREATE OR REPLACE FUNCTION state.list_spools()
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('spoolId', spool_id, 'bootId', boot_id, 'host', host, 'url', url,
    'registeredAtMs', registered_at_ms, 'closedAtMs', closed_at_ms,
    'report', CASE WHEN reported_at_ms IS NOT NULL THEN json_build_object('atMs', reported_at_ms,
      'sequence', reported_sequence, 'sinceMs', reported_since_ms) END) ORDER BY registered_at_ms, spool_id), '[]')
  FROM state.spool
$$;

REVOKE ALL ON FUNCTION state.report_spool, state.now_ms FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.report_spool TO tollwright_gateway;
GRANT EXECUTE ON FUNCTION state.now_ms TO tollwright_gateway, tollwright_worker;
