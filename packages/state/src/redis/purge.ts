import type { RedisConnection } from './connection.ts';
import { spoolKeys, spoolLists, tagKeys } from './keys.ts';
import { forgetSeatScript } from './scripts/tag.ts';
import { spoolTags } from './spools.ts';

const SEATS_KEPT_MS = 3_600_000;
const SPOOLS_KEPT_MS = 40 * 86_400_000;

/**
 * Forgets seats of spools closed an hour ago, and spools closed 40 days ago. Windows and counters go by themselves, and a
 * change takes the place of the one before.
 */
export async function purgeRedis(connection: RedisConnection, nowMs: number): Promise<void> {
  for (const spoolId of await connection.command<string[]>('ZRANGE', spoolLists.registered, 0, -1)) {
    const { record, tags, inbox, items } = spoolKeys(spoolId);
    const closed = await connection.command<string | null>('HGET', record, 'closed');
    const ageMs = closed === null ? 0 : nowMs - Number(closed);
    if (ageMs < SEATS_KEPT_MS) continue;
    const kept = await Promise.all(
      (await spoolTags(connection, spoolId)).map((tag) => forgetSeat(connection, tag, spoolId)),
    );
    if (kept.includes(0) || ageMs < SPOOLS_KEPT_MS) continue;
    await Promise.all([tags, inbox, items].map((key) => connection.command('DEL', key)));
    await connection.command('SREM', spoolLists.inbox, spoolId);
    await connection.command('DEL', record);
    await connection.command('ZREM', spoolLists.registered, spoolId);
  }
}

async function forgetSeat(connection: RedisConnection, tag: string, spoolId: string): Promise<number> {
  const { seats, reply, holds } = tagKeys(tag);
  const done = await connection.run<number>(forgetSeatScript, [seats, reply(spoolId), holds(spoolId)], [spoolId]);
  if (done === 1) await connection.command('SREM', spoolKeys(spoolId).tags, tag);
  return done;
}
