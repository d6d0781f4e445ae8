import { paymentRecord, paymentState, toJson } from '@tollwright/contracts';
import {
  type Claim,
  type ClaimReply,
  type ClaimStore,
  type MoveReply,
  StateRejected,
  type UnresolvedPayment,
} from '../port.ts';
import type { RedisConnection } from './connection.ts';
import { CLAIM_SHARDS, claimKeys, openClaims } from './keys.ts';
import { CLAIM_FIELDS, claimScript, moveScript } from './scripts/claim.ts';
import { spoolEnding } from './spools.ts';

type Fields = readonly (string | null)[];
type SpoolEnding = ReturnType<typeof spoolEnding>;

/** Claims of payments, each in a shard whose index of open ones changes in the same step. */
export function redisClaims(connection: RedisConnection): ClaimStore {
  return {
    async claim(record, { callId, spoolId, requestHash }): Promise<ClaimReply> {
      const { record: key, open, mark } = claimKeys(record.claimKey);
      const { claimKey, paymentId, state, version, transaction } = record;
      const args = [...[claimKey, paymentId, callId, spoolId, requestHash, state, version], transaction ?? ''];
      const [done, fields] = await connection.run<[number, Fields]>(
        claimScript,
        [key, open, mark],
        [...args, toJson(record)],
      );
      const claim = claimOf(claimKey, fields);
      if (claim === null) throw new Error('a claim has no fields');
      return { kind: done === 1 ? 'claimed' : 'taken', claim };
    },
    async move(claimKey, from, record): Promise<MoveReply> {
      if (record.claimKey !== claimKey || record.version !== from.version + 1) {
        throw new StateRejected(`a move of ${claimKey} goes from version ${from.version} to the next`);
      }
      const { record: key, open, mark } = claimKeys(claimKey);
      const { paymentId, state, version, transaction } = record;
      const args = [claimKey, paymentId, from.state, from.version, state, version, transaction ?? '', toJson(record)];
      const [done, fields] = await connection.run<[number, Fields]>(moveScript, [key, open, mark], args);
      const claim = claimOf(claimKey, fields);
      return done === 1 && claim !== null ? { kind: 'moved', claim } : { kind: 'conflict', claim };
    },
    async get(claimKey) {
      return claimOf(claimKey, await connection.command<Fields>('HMGET', claimKeys(claimKey).record, ...CLAIM_FIELDS));
    },
    unresolved: (afterClaimKey, limit) => unresolved(connection, afterClaimKey, limit),
  };
}

function claimOf(claimKey: string, fields: Fields): Claim | null {
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
  const [state, spoolId, json] = await connection.command<Fields>('HMGET', key, 'state', 'spool', 'record');
  if (state == null || spoolId == null || json == null) return null;
  const unanswered = state === 'settling' || state === 'unknown';
  const { taken, closed } = await endingOf(spoolId);
  const orphaned = ['claimed', 'verified', 'served'].includes(state) && (taken || closed);
  return unanswered || orphaned ? { record: paymentRecord.parse(JSON.parse(json)), abandoned: closed } : null;
}
