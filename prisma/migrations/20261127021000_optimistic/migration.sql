-- Strangers may be answered before their payment is settled: so much of one payer may be open at a time.
ALTER TABLE "route" ADD COLUMN "exposure_cap_nano_usd" BIGINT;
ALTER TABLE "route" DROP CONSTRAINT route_settles_in_an_order;
ALTER TABLE "route" ADD CONSTRAINT route_settles_in_an_order CHECK (settles IN ('after', 'before', 'optimistic'));
ALTER TABLE "route" ADD CONSTRAINT route_exposure_has_a_cap
  CHECK ((settles = 'optimistic') = (exposure_cap_nano_usd IS NOT NULL) AND exposure_cap_nano_usd > 0);

-- Answers that strangers do not pay for: a contracts FreeAnswers.
ALTER TABLE "route" ADD COLUMN "free_answers" JSONB NOT NULL DEFAULT '{}';
