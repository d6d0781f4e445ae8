CREATE FUNCTION state.log_change(p_kind text, p_id text, p_version bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_sequence bigint;
BEGIN
  UPDATE state.change_head SET latest = latest + 1 RETURNING latest INTO v_sequence;
  INSERT INTO state.change (sequence, kind, id, version) VALUES (v_sequence, p_kind, p_id, p_version);
  PERFORM pg_notify('tollwright_state', v_sequence::text);
END $$;

CREATE FUNCTION state.put_snapshot(p_api text, p_version bigint, p_body text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO state.snapshot AS s (api_id, version, body) VALUES (p_api, p_version, p_body)
  ON CONFLICT (api_id) DO UPDATE SET version = excluded.version, body = excluded.body
  WHERE s.version < excluded.version;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO state.subject (subject, version) VALUES ('api:' || p_api, p_version)
  ON CONFLICT (subject) DO UPDATE SET version = excluded.version;
  PERFORM state.log_change('api', p_api, p_version);
END $$;

CREATE FUNCTION state.get_snapshot(p_api text)
RETURNS TABLE (version bigint, body text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.version, s.body FROM state.snapshot AS s WHERE s.api_id = p_api
$$;

CREATE FUNCTION state.list_snapshots()
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_agg(json_build_object('apiId', api_id, 'version', version) ORDER BY api_id), '[]')
  FROM state.snapshot
$$;

-- The tag's lock is held to the commit: a batch sees all of the customer's new version or nothing of it.
CREATE FUNCTION state.put_customer(p_record json, p_hashes text[], p_keys json[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_customer text := p_record ->> 'customerId';
  v_version bigint := (p_record ->> 'version')::bigint;
BEGIN
  INSERT INTO state.tag (tag, identity) VALUES ('c:' || v_customer, state.identity()) ON CONFLICT (tag) DO NOTHING;
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

CREATE FUNCTION state.find_key(p_hash text)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object('key', k.record, 'customer', c.record)
  FROM state.api_key AS k JOIN state.customer AS c ON c.customer_id = k.customer_id WHERE k.hash = p_hash
$$;

CREATE FUNCTION state.changes_since(p_sequence bigint, p_limit integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object(
    'latest', (SELECT latest FROM state.change_head),
    'changes', (SELECT coalesce(json_agg(json_build_object('sequence', c.sequence, 'kind', c.kind, 'id', c.id,
                  'version', c.version) ORDER BY c.sequence), '[]')
                FROM (SELECT * FROM state.change WHERE sequence > p_sequence ORDER BY sequence LIMIT p_limit) AS c))
$$;
