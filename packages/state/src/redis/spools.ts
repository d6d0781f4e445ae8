import { type Seat, type SeatRefusal, StateRejected, type Tag } from '../port.ts';
import type { RegisteredSpool, SpoolRegistry } from '../spool-registry.ts';
import type { RedisConnection } from './connection.ts';
import { encodeBatch } from './encode-batch.ts';
import { readHolds, sortHolds } from './holds.ts';
import { spoolKeys, spoolLists, tagKeys } from './keys.ts';
import { settleTakenScript } from './scripts/batch.ts';
import {
  closeScript,
  leaveScript,
  registerScript,
  reopenScript,
  reportScript,
  takeOverScript,
  visitScript,
} from './scripts/spool.ts';
import { raiseSeatScript, sealSeatScript } from './scripts/tag.ts';

/** Gateways by their spool folder. A spool's own record is changed first, the tags it touched afterwards. */
export function redisSpools(connection: RedisConnection): SpoolRegistry {
  return {
    async register({ spoolId, bootId, host, url }) {
      await connection.command('ZADD', spoolLists.registered, 'NX', 0, spoolId);
      await connection.run(registerScript, [spoolKeys(spoolId).record], [bootId, host, url]);
    },
    async report(spoolId, { sequence, sinceMs }) {
      await connection.run(reportScript, [spoolKeys(spoolId).record], [sequence, sinceMs]);
    },
    takeOver: (deadSpoolId, bySpoolId) => takeOver(connection, deadSpoolId, bySpoolId),
    async settleTaken(spoolId, tag, settles) {
      const taken = await connection.command<string | null>('HGET', spoolKeys(spoolId).record, 'taken');
      if (taken === null) throw new StateRejected(`spool ${spoolId} was not taken over`);
      const { record, holds } = tagKeys(tag);
      await connection.run(settleTakenScript, [record, holds(spoolId)], [encodeBatch(settles).json]);
    },
    close: (spoolId) => close(connection, spoolId),
    async list() {
      const spoolIds = await connection.command<string[]>('ZRANGE', spoolLists.registered, 0, -1);
      const spools = await Promise.all(spoolIds.map((spoolId) => readSpool(connection, spoolId)));
      return spools
        .filter((spool) => spool !== null)
        .sort((a, b) => a.registeredAtMs - b.registeredAtMs || (a.spoolId < b.spoolId ? -1 : 1));
    },
  };
}

/** A spool comes to a tag for the first time: null when it may, and is on its list of tags then. */
export async function visitTag(connection: RedisConnection, seat: Seat): Promise<SeatRefusal | null> {
  const { record, tags } = spoolKeys(seat.spoolId);
  const answer = await connection.run<string>(visitScript, [record, tags], [seat.incarnation, seat.tag]);
  if (answer === 'welcome') return null;
  return answer === 'superseded' ? { kind: 'superseded' } : { kind: 'rebuild', reason: answer };
}

/** How often a spool came to a tag for the first time, as the text that leaveTag compares. */
export async function visitsOf(connection: RedisConnection, spoolId: string): Promise<string> {
  return (await connection.command<string | null>('HGET', spoolKeys(spoolId).record, 'visits')) ?? '0';
}

/** The spool's seat in a tag was closed, after `visits` was read. */
export async function leaveTag(connection: RedisConnection, seat: Seat, visits: string): Promise<void> {
  const { record, tags } = spoolKeys(seat.spoolId);
  await connection.run(leaveScript, [record, tags], [seat.tag, visits]);
}

export function spoolTags(connection: RedisConnection, spoolId: string): Promise<Tag[]> {
  return connection.command<Tag[]>('SMEMBERS', spoolKeys(spoolId).tags);
}

/** Whether a successor took a spool, and whether it is closed. */
export async function spoolEnding(
  connection: RedisConnection,
  spoolId: string,
): Promise<{ readonly taken: boolean; readonly closed: boolean }> {
  const { record } = spoolKeys(spoolId);
  const [taken, closed] = await connection.command<(string | null)[]>('HMGET', record, 'taken', 'closed');
  return { taken: taken != null, closed: closed != null };
}

/** How a spool ended: `drained` by a successor and closed, `closed` by an operator, or not yet. */
export async function spoolEnd(connection: RedisConnection, spoolId: string): Promise<'none' | 'drained' | 'closed'> {
  const { taken, closed } = await spoolEnding(connection, spoolId);
  if (!closed) return 'none';
  return taken ? 'drained' : 'closed';
}

async function readSpool(connection: RedisConnection, spoolId: string): Promise<RegisteredSpool | null> {
  const fields = ['boot', 'host', 'url', 'registered', 'closed', 'report'];
  const values = await connection.command<(string | null)[]>('HMGET', spoolKeys(spoolId).record, ...fields);
  const [bootId, host, url, registered, closed, reported] = values;
  if (bootId == null || host == null || url == null || registered == null) return null;
  const closedAtMs = closed == null ? null : Number(closed);
  const [atMs, sequence, sinceMs] = reported == null ? [] : reported.split(' ').map(Number);
  const report =
    atMs === undefined || sequence === undefined || sinceMs === undefined ? null : { atMs, sequence, sinceMs };
  return { spoolId, bootId, host, url, registeredAtMs: Number(registered), closedAtMs, report };
}

async function takeOver(connection: RedisConnection, dead: string, by: string) {
  const { record, tags } = spoolKeys(dead);
  const found = await connection.run<[string, Tag[]] | []>(takeOverScript, [record, tags], [by]);
  const [text, touched = []] = found;
  if (text === undefined) return { incarnation: 1, seats: [], holds: [] };
  const incarnation = Number(text);
  const seats = await Promise.all(
    [...touched].sort().map(async (tag): Promise<Seat> => {
      const { seats, record } = tagKeys(tag);
      const raised = await connection.run<[string, string]>(raiseSeatScript, [seats, record], [dead, incarnation]);
      const [number, epoch] = raised.map(Number) as [number, number];
      return { tag, epoch, spoolId: dead, incarnation, number };
    }),
  );
  const holds = await Promise.all(touched.map((tag) => readHolds(connection, tag, dead)));
  return { incarnation, seats, holds: sortHolds(holds) };
}

async function close(connection: RedisConnection, spoolId: string): Promise<void> {
  const { record, inbox } = spoolKeys(spoolId);
  const held = async () => {
    const found = (await spoolTags(connection, spoolId)).map((tag) => readHolds(connection, tag, spoolId));
    return (await Promise.all(found)).some((holds) => holds.length > 0);
  };
  if (await held()) throw new StateRejected(`spool ${spoolId} still has holds`);
  const incarnation = await connection.run<string | null>(closeScript, [record, inbox], []);
  if (incarnation === null) throw new StateRejected(`spool ${spoolId} still has items in the inbox`);
  const sealed = (await spoolTags(connection, spoolId)).map((tag) => {
    const { seats, holds } = tagKeys(tag);
    return connection.run<number>(sealSeatScript, [seats, holds(spoolId)], [spoolId, incarnation]);
  });
  if ((await Promise.all(sealed)).every((done) => done === 1)) return;
  await connection.run(reopenScript, [record], []);
  throw new StateRejected(`spool ${spoolId} still has holds`);
}
