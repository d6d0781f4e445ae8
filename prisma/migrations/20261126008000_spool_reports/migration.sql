-- How far each gateway has come, by what it reported to the state store. Apart from spool_watermark, whose rows ingestion locks.
CREATE TABLE "spool_report" (
    "spool_id" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "reported_at" TIMESTAMPTZ(3),
    "low_at" TIMESTAMPTZ(3) NOT NULL,
    "pending_sequence" BIGINT,
    "pending_since" TIMESTAMPTZ(3),

    CONSTRAINT "spool_report_pkey" PRIMARY KEY ("spool_id")
);

-- When the worker looked for reports, by the store's clock: since when without a gap, last, and last under an open epoch.
CREATE TABLE "spool_survey" (
    "id" TEXT NOT NULL,
    "since_at" TIMESTAMPTZ(3) NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,
    "noted_at" TIMESTAMPTZ(3),

    CONSTRAINT "spool_survey_pkey" PRIMARY KEY ("id")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON spool_report, spool_survey TO tollwright_worker;

-- A gateway that falls silent is told once to each provider.
CREATE UNIQUE INDEX incident_silent_once ON incident (provider_id, (detail ->> 'spoolId'), (detail ->> 'lastHeardAt'))
  WHERE kind = 'silent-gateway';
GRANT UPDATE (resolved_at) ON incident TO tollwright_portal;
GRANT UPDATE (resolved_at, detail) ON incident TO tollwright_worker;
