-- Everything gateways share while they run. Reached through functions only; no role but the owner has table privileges.

-- One lock per tag orders all batches of a customer. Made by put_customer only, with the identity of the store that made it.
CREATE TABLE state.tag (
  tag text PRIMARY KEY,
  identity text NOT NULL,
  -- The newest moment this tag has acted at, to the second: period ids and windows never go back with the server's clock.
  clock_ms bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE state.spool (
  spool_id text PRIMARY KEY,
  boot_id text NOT NULL,
  host text NOT NULL,
  url text NOT NULL,
  incarnation integer NOT NULL DEFAULT 1,
  taken_by text,
  registered_at_ms bigint NOT NULL,
  closed_at_ms bigint
);

-- A gateway's place in a tag: the number and reply of its last batch.
CREATE TABLE state.seat (
  tag text NOT NULL,
  spool_id text NOT NULL,
  incarnation integer NOT NULL,
  number bigint NOT NULL,
  reply text NOT NULL,
  PRIMARY KEY (tag, spool_id)
) WITH (fillfactor = 50);
ALTER TABLE state.seat ALTER COLUMN reply SET STORAGE EXTERNAL;
CREATE INDEX seat_spool ON state.seat (spool_id);

CREATE TABLE state.counter (
  tag text NOT NULL,
  node text NOT NULL,
  period_id text NOT NULL,
  period text NOT NULL,
  ends_at_ms bigint,
  -- The limit that the latest grant was made under. Shown on screens, decides nothing.
  limit_amount bigint NOT NULL,
  spent bigint NOT NULL,
  held bigint NOT NULL,
  PRIMARY KEY (tag, node, period_id),
  CHECK (spent >= 0 AND held >= 0 AND spent + held <= 9000000000000000)
) WITH (fillfactor = 50);
CREATE INDEX counter_ended ON state.counter (ends_at_ms);

CREATE TABLE state.rate_window (
  tag text NOT NULL,
  name text NOT NULL,
  window_seconds bigint NOT NULL,
  starts_at_ms bigint NOT NULL,
  taken bigint NOT NULL,
  PRIMARY KEY (tag, name, window_seconds)
) WITH (fillfactor = 50);

-- No clock ever frees a hold.
CREATE TABLE state.hold (
  tag text NOT NULL,
  call_id text NOT NULL,
  spool_id text NOT NULL,
  nodes text[] NOT NULL,
  period_ids text[] NOT NULL,
  amounts bigint[] NOT NULL,
  since_ms bigint NOT NULL,
  deadline_ms bigint NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (tag, call_id)
);
CREATE INDEX hold_spool ON state.hold (spool_id);

-- The newest version of each subject (`customer:<id>`, `api:<id>`). A customer's is written under its tag's lock.
CREATE TABLE state.subject (
  subject text PRIMARY KEY,
  version bigint NOT NULL
);

CREATE TABLE state.claim (
  claim_key text PRIMARY KEY,
  payment_id text NOT NULL,
  call_id text NOT NULL,
  spool_id text NOT NULL,
  request_hash text NOT NULL,
  payment_state text NOT NULL,
  version bigint NOT NULL,
  transaction text,
  record json NOT NULL,
  moved_at_ms bigint NOT NULL
);
CREATE INDEX claim_open ON state.claim (moved_at_ms)
  WHERE payment_state IN ('claimed', 'verified', 'served', 'settling', 'unknown');

CREATE TABLE state.snapshot (
  api_id text PRIMARY KEY,
  version bigint NOT NULL,
  body text NOT NULL
);

CREATE TABLE state.customer (
  customer_id text PRIMARY KEY,
  version bigint NOT NULL,
  record json NOT NULL
);

CREATE TABLE state.api_key (
  hash text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES state.customer ON DELETE CASCADE,
  record json NOT NULL
);
CREATE INDEX api_key_customer ON state.api_key (customer_id);

CREATE TABLE state.change (
  sequence bigint PRIMARY KEY,
  kind text NOT NULL,
  id text NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX change_subject ON state.change (kind, id, sequence);

-- One row. Its lock orders changes, so that a reader who saw a number has seen every lower one.
CREATE TABLE state.change_head (latest bigint NOT NULL);
INSERT INTO state.change_head VALUES (0);

CREATE TABLE state.inbox (
  spool_id text NOT NULL,
  sequence bigint NOT NULL,
  item json NOT NULL,
  PRIMARY KEY (spool_id, sequence)
);

-- `appended`: the highest sequence taken in; `committed`: the highest that the worker has acknowledged.
CREATE TABLE state.inbox_spool (
  spool_id text PRIMARY KEY,
  appended bigint NOT NULL,
  committed bigint NOT NULL,
  CHECK (committed <= appended)
) WITH (fillfactor = 50);
