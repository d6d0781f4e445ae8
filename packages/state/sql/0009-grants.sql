-- Three roles, functions only. Roles belong to the whole cluster: another database may be making them at this moment.
DO $$
DECLARE
  v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['tollwright_gateway', 'tollwright_worker', 'tollwright_portal'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = v_role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
END $$;

REVOKE ALL ON SCHEMA state FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA state FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA state FROM PUBLIC;
GRANT USAGE ON SCHEMA state TO tollwright_gateway, tollwright_worker, tollwright_portal;

GRANT EXECUTE ON FUNCTION
  state.batch, state.list_holds, state.register_spool, state.take_over, state.close_spool,
  state.claim_payment, state.move_claim, state.get_claim,
  state.get_snapshot, state.list_snapshots, state.find_key, state.changes_since,
  state.append_inbox, state.inbox_watermark
TO tollwright_gateway;

GRANT EXECUTE ON FUNCTION
  state.read_counters, state.list_holds, state.close_spool, state.list_spools,
  state.move_claim, state.get_claim, state.unresolved_claims,
  state.put_snapshot, state.get_snapshot, state.list_snapshots, state.put_customer, state.changes_since,
  state.inbox_watermark, state.pending_inbox, state.read_inbox, state.acknowledge_inbox, state.purge
TO tollwright_worker;

GRANT EXECUTE ON FUNCTION
  state.read_counters, state.list_holds, state.list_spools, state.get_claim,
  state.put_snapshot, state.get_snapshot, state.list_snapshots, state.put_customer, state.changes_since
TO tollwright_portal;
