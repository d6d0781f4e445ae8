-- The check of a transfer reads its postings as the owner of the schema: whoever writes sees all of them or not, and a
-- tenant's policy would be planned into each of the many look-ups of a large batch.
CREATE OR REPLACE FUNCTION check_balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE total numeric; entries int; wanted text;
BEGIN
  wanted := CASE TG_TABLE_NAME WHEN 'ledger_transfer' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'transfer_id' END;
  SELECT coalesce(sum(amount_nano_usd), 0), count(*) INTO total, entries FROM ledger_posting WHERE transfer_id = wanted;
  IF total <> 0 OR entries < 2 THEN
    RAISE EXCEPTION 'ledger transfer % has % postings that sum to %', wanted, entries, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE POLICY doors ON ledger_posting FOR SELECT TO CURRENT_ROLE USING (true);
