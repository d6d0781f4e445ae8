-- What a provider does about invoices that are not paid: when it reminds, and when plans end for live keys. Days after the due day.
ALTER TABLE invoice_settings
  ADD COLUMN "remind_days" INTEGER[] NOT NULL DEFAULT '{1,7,14}',
  ADD COLUMN "stop_days" INTEGER;
ALTER TABLE invoice_settings ADD CONSTRAINT invoice_settings_remind_days
  CHECK (cardinality(remind_days) <= 5 AND 0 < ALL (remind_days) AND 90 >= ALL (remind_days));
ALTER TABLE invoice_settings ADD CONSTRAINT invoice_settings_stop_days CHECK (stop_days BETWEEN 1 AND 180);

-- How far it is with one: told that it is overdue, and reminded so often.
ALTER TABLE invoice
  ADD COLUMN "overdue_told_at" TIMESTAMPTZ(3),
  ADD COLUMN "reminders" INTEGER NOT NULL DEFAULT 0;
CREATE INDEX invoice_unpaid ON invoice (provider_id, due_at) WHERE state = 'open';

-- Since when its live keys are refused. Null: they are not.
ALTER TABLE customer ADD COLUMN "overdue_since" TIMESTAMPTZ(3);

GRANT UPDATE (overdue_told_at, reminders) ON invoice TO tollwright_worker;
