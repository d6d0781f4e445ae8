import { channelKeyOf, isUnderWay, type PaymentRecord } from '@tollwright/contracts';
import type { Channel } from '../channel-store.ts';
import type { RedisConnection } from './connection.ts';
import { unsettledKey } from './keys.ts';
import { lendScript, standScript } from './scripts/unsettled.ts';

/** A gateway that dies between taking room and claiming leaves it taken so long after its call could last. */
const KEPT_MS = 86_400_000;
const NO_LIMIT = 9_007_199_254_740_991n;

/**
 * Takes room for a call in what its payer may have unsettled: before its claim, since channels of one payer lie in several slots.
 * Without a limit it is taken whatever there is.
 */
export async function lend(connection: RedisConnection, record: PaymentRecord, maxAtomic?: bigint): Promise<boolean> {
  const most = maxAtomic === undefined || maxAtomic > NO_LIMIT ? NO_LIMIT : maxAtomic;
  const until = Date.parse(record.validBefore) + KEPT_MS;
  const args = [record.paymentId, record.amountAtomic, `${most}`, until];
  return (await connection.run<number>(lendScript, [unsettledKey(record)], args)) === 1;
}

/** Whether a payment is under way by a voucher. */
export function isLent({ claimKey, state }: PaymentRecord): boolean {
  return channelKeyOf(claimKey) !== null && isUnderWay(state);
}

/** Notes what a channel has spent and settled, and gives the room of a payment free that was not claimed. */
export async function noteStanding(connection: RedisConnection, channel: Channel, paymentId = ''): Promise<void> {
  if (channel.record === null) return;
  const isClosed = channel.state === 'closed';
  const stands = isClosed ? ['', ''] : [`${channel.spentAtomic}`, `${channel.settledAtomic}`];
  await connection.run(standScript, [unsettledKey(channel.record)], [channel.channelKey, paymentId, ...stands]);
}

/** The same where a payment has ended, with what its channel has spent and settled then. */
export async function noteEnded(
  connection: RedisConnection,
  record: PaymentRecord,
  [spent, settled]: readonly (string | null)[],
): Promise<void> {
  const channelKey = channelKeyOf(record.claimKey);
  if (channelKey === null || isLent(record)) return;
  const args = [channelKey, record.paymentId, spent ?? '0', settled ?? '0'];
  await connection.run(standScript, [unsettledKey(record)], args);
}
