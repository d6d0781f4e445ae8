import { type PaymentRecord, paymentRecord, paymentState, toJson } from '@tollwright/contracts';
import { type BeyondBound, type ClaimBound, isTaken } from '../claim-bounds.ts';
import {
  type Claim,
  type ClaimReply,
  type ClaimRequest,
  type ClaimStore,
  type MoveReply,
  StateRejected,
  type UnresolvedPayment,
} from '../port.ts';
import { countsInVolume } from '../volume-store.ts';
import { noteAccess } from './accesses.ts';
import type { RedisConnection } from './connection.ts';
import { CLAIM_SHARDS, claimKeys, openClaims } from './keys.ts';
import { leaveRooms, takeRoom } from './rooms.ts';
import { CLAIM_FIELDS, claimScript, moveScript } from './scripts/claim.ts';
import { spoolEnding } from './spools.ts';
import { noteEnded } from './unsettled.ts';
import { agreeVolume, noteVolume } from './volumes.ts';

export type ClaimFields = readonly (string | null)[];
type SpoolEnding = ReturnType<typeof spoolEnding>;

/** Claims of payments, each in a shard whose index of open ones changes in the same step. */
export function redisClaims(connection: RedisConnection): ClaimStore {
  return {
    claim: (record, request) => claim(connection, record, request),
    claimWithin: (record, request, bounds) => claimWithin(connection, record, request, bounds),
    async move(claimKey, from, record): Promise<MoveReply> {
      if (record.claimKey !== claimKey || record.version !== from.version + 1) {
        throw new StateRejected(`a move of ${claimKey} goes from version ${from.version} to the next`);
      }
      const { record: key, open, mark, channel } = claimKeys(claimKey);
      const { paymentId, state, version, transaction } = record;
      await noteAccess(connection, record);
      if (countsInVolume(record)) await noteVolume(connection, record);
      const args = [claimKey, paymentId, from.state, from.version, state, version, transaction ?? '', toJson(record)];
      const [done, fields, stands] = await connection.run<[number, ClaimFields, ClaimFields | null]>(
        moveScript,
        [key, open, mark, ...channel],
        args,
      );
      const claim = claimOf(claimKey, fields);
      if (done !== 1 || !countsInVolume(record)) await agreeVolume(connection, record);
      if (done !== 1 || claim === null) return { kind: 'conflict', claim };
      await leaveRooms(connection, record);
      await noteEnded(connection, record, stands ?? []);
      return { kind: 'moved', claim };
    },
    get: (claimKey) => get(connection, claimKey),
    unresolved: (afterClaimKey, limit) => unresolved(connection, afterClaimKey, limit),
  };
}

async function claim(
  connection: RedisConnection,
  record: PaymentRecord,
  { callId, spoolId, requestHash }: ClaimRequest,
): Promise<ClaimReply> {
  const { record: key, open, mark } = claimKeys(record.claimKey);
  const { claimKey, paymentId, state, version, transaction } = record;
  const args = [...[claimKey, paymentId, callId, spoolId, requestHash, state, version], transaction ?? ''];
  const keys = [key, open, mark];
  const [done, fields] = await connection.run<[number, ClaimFields]>(claimScript, keys, [...args, toJson(record)]);
  const stored = claimOf(claimKey, fields);
  if (stored === null) throw new Error('a claim has no fields');
  return { kind: done === 1 ? 'claimed' : 'taken', claim: stored };
}

/** Room under every bound is taken before the claim, and left where nothing is claimed: no step of a cluster has both. */
async function claimWithin(
  connection: RedisConnection,
  record: PaymentRecord,
  request: ClaimRequest,
  bounds: readonly ClaimBound[],
): Promise<ClaimReply | BeyondBound> {
  const leave = () => leaveRooms(connection, { ...record, state: 'released' });
  for (const bound of bounds) {
    const beyond = await takeRoom(connection, record, bound);
    if (beyond === null) continue;
    await leave();
    // What was shown before is told what became of it, whatever room there is.
    return isTaken(await get(connection, record.claimKey)) ? claim(connection, record, request) : beyond;
  }
  const reply = await claim(connection, record, request);
  if (reply.kind === 'taken') await leave();
  return reply;
}

async function get(connection: RedisConnection, claimKey: string): Promise<Claim | null> {
  return claimOf(claimKey, await connection.command<ClaimFields>('HMGET', claimKeys(claimKey).record, ...CLAIM_FIELDS));
}

export function claimOf(claimKey: string, fields: ClaimFields): Claim | null {
  const [paymentId, callId, spoolId, requestHash, state, version, transaction, record] = fields;
  if (paymentId == null || callId == null || spoolId == null || requestHash == null || record == null) return null;
  return {
    ...{ claimKey, paymentId, callId, spoolId, requestHash, state: paymentState.parse(state) },
    ...{ version: Number(version), transaction: transaction || null },
    reason: (JSON.parse(record) as { readonly reason: string | null }).reason,
  };
}

/** Walks the open claims of all shards in the order of their names, page by page, until enough need the worker. */
async function unresolved(connection: RedisConnection, after: string, limit: number): Promise<UnresolvedPayment[]> {
  const endings = new Map<string, SpoolEnding>();
  const endingOf = (spoolId: string) => {
    const known = endings.get(spoolId) ?? spoolEnding(connection, spoolId);
    endings.set(spoolId, known);
    return known;
  };
  const payments: UnresolvedPayment[] = [];
  for (let from = after; payments.length < limit; ) {
    const page = await openPage(connection, from, limit);
    const found = await Promise.all(page.map((claimKey) => unresolvedPayment(connection, claimKey, endingOf)));
    payments.push(...found.filter((payment) => payment !== null));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) break;
    from = last;
  }
  return payments.slice(0, limit);
}

async function openPage(connection: RedisConnection, after: string, limit: number): Promise<string[]> {
  const lowest = after === '' ? '-' : `(${after}`;
  const pages = Array.from({ length: CLAIM_SHARDS }, (_, shard) =>
    connection.command<string[]>('ZRANGE', openClaims(shard), lowest, '+', 'BYLEX', 'LIMIT', 0, limit),
  );
  const merged = (await Promise.all(pages)).flat().sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return merged.slice(0, limit);
}

async function unresolvedPayment(
  connection: RedisConnection,
  claimKey: string,
  endingOf: (spoolId: string) => SpoolEnding,
): Promise<UnresolvedPayment | null> {
  const { record: key } = claimKeys(claimKey);
  const [state, spoolId, json] = await connection.command<ClaimFields>('HMGET', key, 'state', 'spool', 'record');
  if (state == null || spoolId == null || json == null) return null;
  const unanswered = state === 'settling' || state === 'unknown';
  const { taken, closed } = await endingOf(spoolId);
  const orphaned = ['claimed', 'verified', 'served'].includes(state) && (taken || closed);
  return unanswered || orphaned ? { record: paymentRecord.parse(JSON.parse(json)), abandoned: closed } : null;
}
