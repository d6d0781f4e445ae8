-- Serves the question below. Times are ISO 8601 in UTC, so their text is in their order.
CREATE INDEX claim_of_access ON state.claim ((record ->> 'routeId'), (record ->> 'payer'), (record ->> 'settledAt'))
  WHERE payment_state = 'settled' AND record ->> 'accessSeconds' IS NOT NULL;

-- The settled payment that lets a payer into a route for longest, among its newest; NULL: none does.
CREATE FUNCTION state.paid_access(p_route text, p_livemode boolean, p_payer text, p_network text, p_newest integer)
RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object('paymentId', paid.payment_id, 'untilMs', paid.until_ms)
  FROM (
    SELECT newest.payment_id, newest.network,
      (extract(epoch FROM newest.settled_at::timestamptz) * 1000)::bigint + newest.access_seconds * 1000 AS until_ms
    FROM (
      SELECT c.payment_id, c.record ->> 'network' AS network, c.record ->> 'settledAt' AS settled_at,
        (c.record ->> 'accessSeconds')::bigint AS access_seconds
      FROM state.claim AS c
      WHERE c.payment_state = 'settled' AND c.record ->> 'accessSeconds' IS NOT NULL
        AND c.record ->> 'routeId' = p_route AND c.record ->> 'payer' = p_payer
        AND c.record ->> 'settledAt' IS NOT NULL AND (c.record ->> 'livemode')::boolean = p_livemode
      ORDER BY c.record ->> 'settledAt' DESC LIMIT p_newest
    ) AS newest
  ) AS paid
  WHERE paid.until_ms > state.clock_ms() AND (p_network IS NULL OR paid.network = p_network)
  ORDER BY paid.until_ms DESC LIMIT 1
$$;

REVOKE ALL ON FUNCTION state.paid_access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state.paid_access TO tollwright_gateway;
