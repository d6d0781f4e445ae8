-- A payment that was settled without an answer is told of once.
CREATE UNIQUE INDEX incident_unanswered_once ON incident (provider_id, (detail ->> 'paymentId')) WHERE kind = 'unanswered-payment';
