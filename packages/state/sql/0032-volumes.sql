-- What payers have settled on an API, by the UTC day in which their payments began. It follows from the claims, and moves with them.
CREATE TABLE state.volume (
  api_id text NOT NULL,
  payer text NOT NULL,
  day date NOT NULL,
  calls bigint NOT NULL,
  spent numeric NOT NULL,
  PRIMARY KEY (api_id, payer, day)
);
CREATE INDEX volume_day ON state.volume (day);

CREATE FUNCTION state.add_volume(p_record json, p_sign integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO state.volume AS v (api_id, payer, day, calls, spent)
  VALUES (p_record ->> 'apiId', p_record ->> 'volumePayer', left(p_record ->> 'occurredAt', 10)::date, p_sign,
    p_sign * (p_record ->> 'priceNanoUsd')::numeric)
  ON CONFLICT (api_id, payer, day) DO UPDATE SET calls = v.calls + excluded.calls, spent = v.spent + excluded.spent
$$;

-- A payment counts while its claim is settled: whichever step made it so, or took it back.
CREATE FUNCTION state.note_volume() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_counted constant boolean := TG_OP = 'UPDATE' AND OLD.payment_state = 'settled' AND OLD.record ->> 'volumePayer' IS NOT NULL;
  v_counts constant boolean := NEW.payment_state = 'settled' AND NEW.record ->> 'volumePayer' IS NOT NULL;
BEGIN
  IF v_counted THEN
    PERFORM state.add_volume(OLD.record, -1);
  END IF;
  IF v_counts THEN
    PERFORM state.add_volume(NEW.record, 1);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER claim_settled AFTER INSERT ON state.claim
  FOR EACH ROW WHEN (NEW.payment_state = 'settled') EXECUTE FUNCTION state.note_volume();
CREATE TRIGGER claim_moved AFTER UPDATE ON state.claim
  FOR EACH ROW WHEN (OLD.payment_state = 'settled' OR NEW.payment_state = 'settled') EXECUTE FUNCTION state.note_volume();

CREATE FUNCTION state.paid_volume(p_api text, p_payer text, p_from date, p_to date)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_array(coalesce(sum(v.calls), 0), coalesce(sum(v.spent), 0)::text)
  FROM state.volume AS v WHERE v.api_id = p_api AND v.payer = p_payer AND v.day BETWEEN p_from AND p_to
$$;

-- As before, and volumes of months that are over.
ALTER FUNCTION state.purge RENAME TO purge_but_volumes;
CREATE FUNCTION state.purge() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM state.purge_but_volumes();
  DELETE FROM state.volume WHERE day < (to_timestamp(state.clock_ms() / 1000.0) AT TIME ZONE 'UTC')::date - 62;
END $$;

REVOKE ALL ON FUNCTION state.add_volume, state.note_volume, state.paid_volume, state.purge, state.purge_but_volumes FROM PUBLIC;
REVOKE ALL ON FUNCTION state.purge_but_volumes FROM tollwright_worker;
GRANT EXECUTE ON FUNCTION state.paid_volume TO tollwright_gateway;
GRANT EXECUTE ON FUNCTION state.purge TO tollwright_worker;
