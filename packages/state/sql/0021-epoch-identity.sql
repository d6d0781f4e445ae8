-- The epoch names the store that it was opened in, as tags do: a promoted server, a restore to a point in time and a copy in
-- another cluster are not that store, and their epoch is lost before any tag is asked.
ALTER TABLE state.epoch ADD COLUMN identity text;
UPDATE state.epoch SET identity = state.identity();
ALTER TABLE state.epoch ALTER COLUMN identity SET NOT NULL;

CREATE OR REPLACE FUNCTION state.current_epoch() RETURNS json LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object('epoch', epoch,
    'kind', CASE WHEN kind = 'open' AND identity <> state.identity() THEN 'lost' ELSE kind END,
    'reason', CASE WHEN kind = 'open' AND identity <> state.identity() THEN 'it was opened in another store' ELSE reason END,
    'sinceMs', since_ms)
  FROM state.epoch
$$;

CREATE OR REPLACE FUNCTION state.raise_epoch(p_above bigint, p_reason text) RETURNS json LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE state.epoch SET epoch = p_above + 1, kind = 'closed', reason = p_reason, since_ms = state.clock_ms(),
    identity = state.identity()
  WHERE epoch <= p_above;
  RETURN state.current_epoch();
END $$;

CREATE OR REPLACE FUNCTION state.open_epoch(p_epoch bigint) RETURNS json LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE state.epoch SET kind = 'open', since_ms = state.clock_ms(), identity = state.identity()
  WHERE epoch = p_epoch AND kind = 'closed';
  DELETE FROM state.rejoin WHERE epoch <= p_epoch;
  RETURN state.current_epoch();
END $$;

CREATE OR REPLACE FUNCTION state.require_open() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM state.epoch WHERE kind = 'open' AND identity = state.identity()) THEN
    RAISE EXCEPTION 'the store is being rebuilt' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
END $$;

-- As before, but an epoch that was opened in another store makes no tag either.
CREATE OR REPLACE FUNCTION state.put_customer(p_record json, p_hashes text[], p_keys json[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_customer text := p_record ->> 'customerId';
  v_version bigint := (p_record ->> 'version')::bigint;
BEGIN
  INSERT INTO state.tag (tag, identity, epoch)
  SELECT 'c:' || v_customer, e.identity, e.epoch FROM state.epoch AS e
  WHERE e.kind = 'open' AND e.identity = state.identity()
  ON CONFLICT (tag) DO NOTHING;
  PERFORM 1 FROM state.tag WHERE tag = 'c:' || v_customer FOR NO KEY UPDATE;
  INSERT INTO state.customer AS c (customer_id, version, record) VALUES (v_customer, v_version, p_record)
  ON CONFLICT (customer_id) DO UPDATE SET version = excluded.version, record = excluded.record
  WHERE c.version < excluded.version;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  DELETE FROM state.api_key WHERE customer_id = v_customer AND NOT hash = ANY (p_hashes);
  INSERT INTO state.api_key AS k (hash, customer_id, record)
  SELECT u.hash, v_customer, u.record FROM unnest(p_hashes, p_keys) AS u (hash, record)
  ON CONFLICT (hash) DO UPDATE SET record = excluded.record WHERE k.customer_id = excluded.customer_id;
  IF (SELECT count(*) FROM state.api_key WHERE customer_id = v_customer) <> cardinality(p_hashes) THEN
    RAISE EXCEPTION 'a key hash belongs to another customer';
  END IF;
  INSERT INTO state.subject (subject, version) VALUES ('customer:' || v_customer, v_version)
  ON CONFLICT (subject) DO UPDATE SET version = excluded.version;
  PERFORM state.log_change('customer', v_customer, v_version);
END $$;
