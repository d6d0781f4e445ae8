-- How what was paid of an invoice went back with a credit note, in words. Null: it was owed, and is not any more.
ALTER TABLE "credit_note" ADD COLUMN "paid_back" TEXT;
