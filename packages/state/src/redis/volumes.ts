import type { PaymentRecord } from '@tollwright/contracts';
import { periodAt } from '@tollwright/core';
import { countsInVolume, type VolumeStore } from '../volume-store.ts';
import type { RedisConnection } from './connection.ts';
import { claimKeys, volumeKey } from './keys.ts';
import { noteVolumeScript } from './scripts/volume.ts';

/** Nobody asks for a month that is over for longer, and no refund of it matters. */
const KEPT_MS = 31 * 86_400_000;

/** Volumes follow from the claims, which lie by their own names: each payment has its mark beside the sums it is in. */
export function redisVolumes(connection: RedisConnection): VolumeStore {
  return {
    async read({ apiId, payer, period, atMs }) {
      const at = new Date(atMs).toISOString();
      const name = period === 'month' ? 'month' : at.slice(0, 10);
      const key = volumeKey(apiId, payer, at.slice(0, 7));
      const fields = [`calls:${name}`, `spent:${name}`];
      const [calls, spent] = await connection.command<(string | null)[]>('HMGET', key, ...fields);
      return { calls: Number(calls ?? '0'), spentNanoUsd: BigInt(spent ?? '0') };
    },
  };
}

/** Counts a payment that is about to be settled: so none is missing, and one whose move fails is taken back by `agreeVolume`. */
export async function noteVolume(connection: RedisConnection, record: PaymentRecord): Promise<void> {
  const { volumePayer, apiId, occurredAt, paymentId, priceNanoUsd } = record;
  if (volumePayer === undefined) return;
  const endsAtMs = periodAt('month', Date.parse(occurredAt)).endsAtMs ?? 0;
  const key = volumeKey(apiId, volumePayer, occurredAt.slice(0, 7));
  const args = [paymentId, countsInVolume(record) ? 1 : 0, `${priceNanoUsd}`, occurredAt.slice(0, 10)];
  await connection.run(noteVolumeScript, [key], [...args, endsAtMs + KEPT_MS]);
}

/** Has a payment counted as its claim says now, whoever moved it. */
export async function agreeVolume(
  connection: RedisConnection,
  record: Pick<PaymentRecord, 'claimKey' | 'volumePayer'>,
): Promise<void> {
  if (record.volumePayer === undefined) return;
  const json = await connection.command<string | null>('HGET', claimKeys(record.claimKey).record, 'record');
  if (json !== null) await noteVolume(connection, JSON.parse(json) as PaymentRecord);
}
