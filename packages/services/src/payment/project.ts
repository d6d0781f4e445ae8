import type { PaymentRecord } from '@tollwright/contracts';
import type { Tx } from '@tollwright/db';
import { bookChannels, lockChannels } from '../channel/project.ts';
import { toStorableJson } from '../storable-json.ts';

const UPDATED = [
  'version',
  'state',
  'payer',
  'pay_to',
  'amount_atomic',
  'price_nano_usd',
  'rounding_nano_usd',
  'fee_nano_usd',
  'transaction_hash',
  'reason',
  'verified_at',
  'settled_at',
  'updated_at',
  'body',
];

/**
 * Brings the projection of payments up to these records, in any order: a lower version never overwrites a higher one. Channels
 * that paid are brought up with them.
 * Answers the payments that moved, as they stand now. The provider is the transaction's.
 */
export async function projectPayments(tx: Tx, records: readonly PaymentRecord[]): Promise<readonly PaymentRecord[]> {
  const newest = new Map<string, PaymentRecord>();
  for (const record of records) {
    if (record.version > (newest.get(record.paymentId)?.version ?? 0)) newest.set(record.paymentId, record);
  }
  if (newest.size === 0) return [];
  const now = new Date();
  const spentBefore = await lockChannels(tx, [...newest.values()], now);
  const moved = await tx.$queryRawUnsafe<{ id: string }[]>(
    `INSERT INTO payment AS p (id, provider_id, customer_id, agent_id, key_id, livemode, version, state, rail, claim_key, api_id, route_id,
       request_id, network, asset, payer, pay_to, nonce, amount_atomic, price_nano_usd, rounding_nano_usd, fee_nano_usd,
       transaction_hash, reason, verified_at, settled_at, occurred_at, updated_at, body)
     SELECT r ->> 'paymentId', r ->> 'providerId', r ->> 'customerId', r ->> 'agentId', r ->> 'keyId', (r ->> 'livemode')::boolean, (r ->> 'version')::integer,
       r ->> 'state', r ->> 'rail', r ->> 'claimKey', r ->> 'apiId', r ->> 'routeId', r ->> 'requestId', r ->> 'network',
       r ->> 'asset', r ->> 'payer', r ->> 'payTo', r ->> 'nonce', r ->> 'amountAtomic', (r ->> 'priceNanoUsd')::bigint,
       (r ->> 'roundingNanoUsd')::bigint, (r ->> 'feeNanoUsd')::bigint, r ->> 'transaction', r ->> 'reason',
       (r ->> 'verifiedAt')::timestamptz, (r ->> 'settledAt')::timestamptz, (r ->> 'occurredAt')::timestamptz, now(), r
     FROM jsonb_array_elements($1::jsonb) AS r ORDER BY r ->> 'paymentId'
     ON CONFLICT (id) DO UPDATE SET ${UPDATED.map((column) => `${column} = excluded.${column}`).join(', ')}
     WHERE p.version < excluded.version
     RETURNING id`,
    toStorableJson([...newest.values()]),
  );
  const asTheyStand = moved.flatMap(({ id }) => newest.get(id) ?? []);
  await bookChannels(tx, asTheyStand, spentBefore, now);
  return asTheyStand;
}
