-- The store's clock, in milliseconds since the Unix epoch.
CREATE FUNCTION state.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- Names this store: another cluster, or this one after a restore or a promotion, has another identity. The timeline is read
-- from the position of the log being written, since a promoted server reports its old one until the next checkpoint.
CREATE FUNCTION state.identity() RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT system_identifier::text FROM pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);

-- The period that a moment falls in, named as in packages/core/src/period.ts. Weeks start on Monday; `total` never ends.
CREATE FUNCTION state.period_at(p_period text, p_at_ms bigint, OUT id text, OUT ends_at_ms bigint)
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  v_at timestamp := timestamp '1970-01-01' + p_at_ms * interval '1 millisecond';
  v_start timestamp;
BEGIN
  IF p_period = 'total' THEN
    id := 'total';
    RETURN;
  END IF;
  v_start := date_trunc(p_period, v_at);
  CASE p_period
    WHEN 'minute' THEN id := to_char(v_start, 'YYYY-MM-DD"T"HH24:MI');
    WHEN 'hour' THEN id := to_char(v_start, 'YYYY-MM-DD"T"HH24');
    WHEN 'day' THEN id := to_char(v_start, 'YYYY-MM-DD');
    WHEN 'week' THEN id := to_char(v_start, '"w"YYYY-MM-DD');
    WHEN 'month' THEN id := to_char(v_start, 'YYYY-MM');
  END CASE;
  ends_at_ms := extract(epoch FROM v_start + ('1 ' || p_period)::interval)::bigint * 1000;
END $$;
