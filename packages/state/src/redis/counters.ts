import { PERIODS, periodAt } from '@tollwright/core';
import {
  type BatchItem,
  type BatchReply,
  type CloseReply,
  type CounterStore,
  type GrantedNode,
  type Hold,
  type Seat,
  StateUnavailable,
  type Tag,
  type TakenWindow,
  type WindowTake,
} from '../port.ts';
import { decodeReply, type WireReply } from '../wire/decode-reply.ts';
import type { RedisConnection } from './connection.ts';
import { encodeBatch } from './encode-batch.ts';
import { readHolds, sortHolds } from './holds.ts';
import { apiKeys, spoolLists, tagKeys } from './keys.ts';
import { batchScript, closeSeatScript } from './scripts/batch.ts';
import { countersScript, raiseVersionScript } from './scripts/tag.ts';
import { leaveTag, spoolTags, visitsOf, visitTag } from './spools.ts';

type ScriptReply =
  | WireReply
  | { readonly kind: 'unseated' }
  | { readonly kind: 'unversed'; readonly subjects: readonly string[] };

const ROUNDS_MAX = 4;

/** Counters, windows and holds: one script call per batch, after the first of a seat and of an API in a tag. */
export function redisCounters(connection: RedisConnection): CounterStore {
  return {
    async batch(seat: Seat, items: readonly BatchItem[]): Promise<BatchReply> {
      const { json, periods } = encodeBatch(items);
      const { record, versions, seats, reply, holds } = tagKeys(seat.tag);
      const keys = [record, versions, seats, reply(seat.spoolId), holds(seat.spoolId)];
      let invited = '0';
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const args = [seat.spoolId, seat.incarnation, seat.number, invited, json, seat.epoch, seat.opens ? '1' : '0'];
        const answer = JSON.parse(await connection.run<string>(batchScript, keys, args)) as ScriptReply;
        if (answer.kind === 'unseated') {
          const refusal = await visitTag(connection, seat);
          if (refusal !== null) return refusal;
          invited = '1';
        } else if (answer.kind === 'unversed') {
          await learnVersions(connection, seat.tag, answer.subjects);
        } else {
          return decodeReply(answer, items, periods);
        }
      }
      throw new StateUnavailable('the tag forgets what it is told');
    },
    closeSeat: (seat) => closeSeat(connection, seat),
    read: (tag: Tag) => readCounters(connection, tag),
    readWindows: (tag, windows) => readWindows(connection, tag, windows),
    async holds({ tag, spoolId }): Promise<readonly Hold[]> {
      if (tag !== undefined) {
        const spools = spoolId === undefined ? await spoolsOf(connection, tag) : [spoolId];
        return sortHolds(await Promise.all(spools.map((spool) => readHolds(connection, tag, spool))));
      }
      const spools =
        spoolId === undefined ? await connection.command<string[]>('ZRANGE', spoolLists.registered, 0, -1) : [spoolId];
      const found = spools.map(async (spool) => {
        const tags = await spoolTags(connection, spool);
        return Promise.all(tags.map((each) => readHolds(connection, each, spool)));
      });
      return sortHolds((await Promise.all(found)).flat());
    },
  };
}

async function closeSeat(connection: RedisConnection, seat: Seat): Promise<CloseReply> {
  const { tag, spoolId, incarnation, number, epoch } = seat;
  const visits = await visitsOf(connection, spoolId);
  const { record, seats, reply, holds } = tagKeys(tag);
  const keys = [record, seats, reply(spoolId), holds(spoolId)];
  const args = [spoolId, incarnation, number, epoch];
  const answer = JSON.parse(await connection.run<string>(closeSeatScript, keys, args)) as
    | CloseReply
    | { readonly kind: 'unseated' };
  if (answer.kind === 'unseated') {
    const refusal = await visitTag(connection, seat);
    return refusal ?? { kind: 'rebuild', reason: 'the store does not know this seat' };
  }
  if (answer.kind === 'closed') await leaveTag(connection, seat, visits);
  return answer;
}

async function spoolsOf(connection: RedisConnection, tag: Tag): Promise<string[]> {
  const { seats, holders } = tagKeys(tag);
  const seated = await connection.command<string[]>('HKEYS', seats);
  const restored = await connection.command<string[]>('SMEMBERS', holders);
  return [...new Set([...seated, ...restored])];
}

/**
 * A tag keeps the version of each API that its calls are decided under. It is entered on the API's list before the version
 * is read: a publication that misses the list has stored its version before.
 */
async function learnVersions(connection: RedisConnection, tag: Tag, subjects: readonly string[]): Promise<void> {
  await Promise.all(
    subjects.map(async (subject) => {
      let version = '0';
      if (subject.startsWith('api:')) {
        const { record, tags } = apiKeys(subject.slice('api:'.length));
        await connection.command('SADD', tags, tag);
        version = (await connection.command<string | null>('HGET', record, 'version')) ?? '0';
      }
      await connection.run(raiseVersionScript, [tagKeys(tag).versions], [subject, version]);
    }),
  );
}

async function readCounters(connection: RedisConnection, tag: Tag): Promise<GrantedNode[]> {
  const { record, counters } = tagKeys(tag);
  const now = await connection.run<string | null>(countersScript, [record], []);
  if (now === null) return [];
  const found = PERIODS.map(async (period) => {
    const { id, endsAtMs } = periodAt(period, Number(now));
    const fields = await connection.hash(counters(id));
    return fields.map(([node, text]): GrantedNode => {
      const [spent = 0n, held = 0n, limit = 0n] = text.split(' ').map(BigInt);
      return { node, period, periodId: id, endsAtMs, limit, spent, held };
    });
  });
  const nodes = (await Promise.all(found)).flat().filter(({ spent, held }) => spent + held > 0n);
  return nodes.sort((a, b) => compare(a.node, b.node) || compare(a.period, b.period));
}

async function readWindows(
  connection: RedisConnection,
  tag: Tag,
  windows: readonly Pick<WindowTake, 'window' | 'windowSeconds'>[],
): Promise<TakenWindow[]> {
  const { record, windows: keyOf } = tagKeys(tag);
  const clock = await connection.run<string | null>(countersScript, [record], []);
  const nowMs = Number(clock ?? Date.now());
  return Promise.all(
    windows.map(async ({ window, windowSeconds }) => {
      const lengthMs = windowSeconds * 1_000;
      const startsAtMs = nowMs - (nowMs % lengthMs);
      const taken = await connection.command<string | null>('HGET', keyOf(lengthMs, startsAtMs), window);
      return { window, taken: Number(taken ?? 0), resetAtMs: startsAtMs + lengthMs };
    }),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
