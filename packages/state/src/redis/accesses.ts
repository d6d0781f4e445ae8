import type { PaymentRecord } from '@tollwright/contracts';
import { ACCESS_PAYMENTS_MAX, type Access, type AccessStore } from '../access-store.ts';
import type { RedisConnection } from './connection.ts';
import { accessKey, claimKeys, epochKeys } from './keys.ts';
import { nowScript } from './script.ts';
import { noteAccessScript } from './scripts/access.ts';

/**
 * Accesses are read off the claims. Since claims lie by their own names, what a payer paid for a route is listed beside them,
 * before a claim becomes settled: the list may name one that never did, and lacks none.
 */
export function redisAccesses(connection: RedisConnection): AccessStore {
  return {
    async find({ network, ...ask }) {
      const nowMs = Number(await connection.run(nowScript, [epochKeys.mark], []));
      const range = ['+inf', `(${nowMs}`, 'BYSCORE', 'REV', 'LIMIT', 0, ACCESS_PAYMENTS_MAX];
      const listed = await connection.command<string[]>('ZRANGE', accessKey(ask), ...range);
      for (const claimKey of listed) {
        const access = await settledAccess(connection, claimKey, network);
        if (access !== null && access.untilMs > nowMs) return access;
      }
      return null;
    },
  };
}

/** Lists a payment that is about to be settled. */
export async function noteAccess(connection: RedisConnection, record: PaymentRecord): Promise<void> {
  const untilMs = accessUntil(record);
  if (untilMs === null || record.state !== 'settled' || record.payer === '') return;
  await connection.run(noteAccessScript, [accessKey(record)], [record.claimKey, untilMs, ACCESS_PAYMENTS_MAX]);
}

async function settledAccess(
  connection: RedisConnection,
  claimKey: string,
  network: string | null,
): Promise<Access | null> {
  const { record: key } = claimKeys(claimKey);
  const [state, json] = await connection.command<(string | null)[]>('HMGET', key, 'state', 'record');
  if (state !== 'settled' || json == null) return null;
  const record = JSON.parse(json) as PaymentRecord;
  const untilMs = accessUntil(record);
  if (untilMs === null || (network !== null && record.network !== network)) return null;
  return { paymentId: record.paymentId, untilMs };
}

function accessUntil({ accessSeconds, settledAt }: PaymentRecord): number | null {
  return accessSeconds === undefined || settledAt === null ? null : Date.parse(settledAt) + accessSeconds * 1_000;
}
