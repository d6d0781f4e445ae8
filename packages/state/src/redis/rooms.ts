import { isUnderWay, type PaymentRecord } from '@tollwright/contracts';
import type { BeyondBound, ClaimBound } from '../claim-bounds.ts';
import type { RedisConnection } from './connection.ts';
import { approvalKey, exposureKey, payerDayKey } from './keys.ts';
import { leaveRoomScript, takeRoomScript } from './scripts/room.ts';

/** A gateway that dies between taking room and claiming leaves it taken; a day after the payment could move money it is free. */
const KEPT_MS = 86_400_000;
/** What is paid in a day, or under an approval, is asked for no longer than this after the payment began. */
const COUNTED_MS = 3 * 86_400_000;
const NONE = -1n;

/** Takes room for a payment under a bound, or where it is restored whatever there is. Null: it was taken. */
export async function takeRoom(
  connection: RedisConnection,
  record: PaymentRecord,
  bound: Omit<ClaimBound, 'capNanoUsd'> & { readonly capNanoUsd: bigint | null },
): Promise<BeyondBound | null> {
  const { kind, capNanoUsd } = bound;
  const cap = `${capNanoUsd ?? NONE}`;
  const countMax = 'once' in bound && bound.once === true ? 1 : 0;
  const isExposure = kind === 'exposure';
  const until = isExposure ? Date.parse(record.validBefore) + KEPT_MS : Date.parse(record.occurredAt) + COUNTED_MS;
  const args = [record.paymentId, `${record.priceNanoUsd}`, cap, until, countMax, isExposure ? 1 : 0];
  const done = await connection.run<number>(takeRoomScript, [keyOf(record, kind)], args);
  if (done === 1) return null;
  return { kind: 'beyond', bound: kind, reason: done === 0 ? 'cap' : 'failed-before' };
}

/** Takes the room of a payment again in a store that has lost it. */
export async function restoreRooms(connection: RedisConnection, record: PaymentRecord): Promise<void> {
  if (isExposed(record)) await takeRoom(connection, record, { kind: 'exposure', capNanoUsd: null });
  if (Date.parse(record.occurredAt) + COUNTED_MS < Date.now()) return;
  if (record.payer !== '' && countsInDay(record)) {
    await takeRoom(connection, record, { kind: 'payer-day', capNanoUsd: null });
  }
  if (record.approvalId !== null && usesApproval(record)) {
    await takeRoom(connection, record, { kind: 'approval', capNanoUsd: null });
  }
}

/** Gives the room of a payment that has ended free, and notes how it ended. */
export async function leaveRooms(connection: RedisConnection, record: PaymentRecord): Promise<void> {
  const { settles, state, payer } = record;
  const endsExposure = settles === 'optimistic' ? !isExposed(record) : state === 'settled' && payer !== '';
  if (endsExposure) await leaveRoom(connection, record, 'exposure');
  if (payer !== '' && !countsInDay(record)) await leaveRoom(connection, record, 'payer-day');
  if (record.approvalId !== null && !usesApproval(record)) await leaveRoom(connection, record, 'approval');
}

async function leaveRoom(connection: RedisConnection, record: PaymentRecord, kind: ClaimBound['kind']): Promise<void> {
  const { paymentId, state } = record;
  await connection.run(leaveRoomScript, [keyOf(record, kind)], [paymentId, kind === 'exposure' ? state : '']);
}

/** Whether a payment in this state is served and not settled. */
function isExposed({ settles, state }: PaymentRecord): boolean {
  return settles === 'optimistic' && isUnderWay(state);
}

function countsInDay({ state }: PaymentRecord): boolean {
  return !['failed', 'released', 'refunded'].includes(state);
}

function usesApproval({ state }: PaymentRecord): boolean {
  return state !== 'failed' && state !== 'released';
}

function keyOf(record: PaymentRecord, kind: ClaimBound['kind']): string {
  if (kind === 'exposure') return exposureKey(record);
  if (kind === 'payer-day') return payerDayKey(record);
  if (record.approvalId === null) throw new RangeError('a payment without an approval has no room under one');
  return approvalKey(record.approvalId);
}
