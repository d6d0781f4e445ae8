-- Traces of calls on their way to the worker. They may be lost and are never more than a gateway was told to keep: past that
-- number the store takes no more.
CREATE TABLE state.trace (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trace text NOT NULL
);

-- Takes what there is room for, from the first on; answers how many. The span of ids stands for the number of rows: read from
-- both ends of the index, and never too small.
CREATE FUNCTION state.append_traces(p_traces text[], p_most bigint)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_kept bigint := coalesce((SELECT max(id) - min(id) + 1 FROM state.trace), 0);
  v_taken integer := greatest(0, least(p_most - v_kept, cardinality(p_traces)));
BEGIN
  INSERT INTO state.trace (trace) SELECT unnest(p_traces[1:v_taken]);
  RETURN v_taken;
END $$;

CREATE FUNCTION state.read_traces(p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('id', t.id::text, 'trace', t.trace) ORDER BY t.id), '[]')
  FROM (SELECT id, trace FROM state.trace ORDER BY id LIMIT p_limit) AS t
$$;

CREATE FUNCTION state.remove_traces(p_ids bigint[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM state.trace WHERE id = ANY (p_ids)
$$;

REVOKE ALL ON state.trace FROM PUBLIC;
REVOKE ALL ON FUNCTION state.append_traces, state.read_traces, state.remove_traces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.append_traces TO tollwright_gateway;
GRANT EXECUTE ON FUNCTION state.read_traces, state.remove_traces TO tollwright_worker;
