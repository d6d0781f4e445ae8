-- Which gateways there are, in the one place that outlives the state store, and the newest epoch that they worked under.
ALTER TABLE spool_watermark
  ADD COLUMN registered_at timestamptz(3),
  ADD COLUMN closed_at timestamptz(3),
  ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
