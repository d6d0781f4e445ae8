import type { PaymentTally } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { toStorableJson } from '../storable-json.ts';

/**
 * Adds up what gateways counted on the way to payments. In the transaction that moves the spool's watermark, which is why
 * nothing is counted twice. Rows are written in the order of their keys: two spools never wait for each other in a circle.
 */
export async function addTallies(tx: Tx, tallies: readonly PaymentTally[]): Promise<void> {
  const counts = tallies.flatMap(({ providerId, counts }) => counts.map((count) => ({ providerId, ...count })));
  if (counts.length === 0) return;
  await tx.$executeRawUnsafe(
    `INSERT INTO payment_tally AS t (provider_id, bucket_at, api_id, livemode, step, rail, loss, count)
     SELECT r ->> 'providerId', (r ->> 'bucketAt')::timestamptz, r ->> 'apiId', (r ->> 'livemode')::boolean, r ->> 'step',
       coalesce(r ->> 'rail', ''), coalesce(r ->> 'loss', ''), sum((r ->> 'count')::bigint)::bigint
     FROM jsonb_array_elements($1::jsonb) AS r
     GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
     ON CONFLICT (provider_id, bucket_at, api_id, livemode, step, rail, loss) DO UPDATE SET count = t.count + excluded.count`,
    toStorableJson(counts),
  );
}
