import type { Hold, Tag } from '../port.ts';
import type { RedisConnection } from './connection.ts';
import { tagKeys } from './keys.ts';

/** The holds of a spool in a tag, in no order. */
export async function readHolds(connection: RedisConnection, tag: Tag, spoolId: string): Promise<Hold[]> {
  const fields = await connection.hash(tagKeys(tag).holds(spoolId));
  return fields.map(([callId, text]) => decodeHold(text, callId, tag, spoolId));
}

/** As the batch script writes it: since, deadline, reason, then node, period and amount of each part, all as text. */
function decodeHold(text: string, callId: string, tag: Tag, spoolId: string): Hold {
  const [since, deadline, reason = '', ...parts] = JSON.parse(text) as string[];
  const nodes: { node: string; periodId: string; amount: bigint }[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    const [node = '', periodId = '', amount = '0'] = parts.slice(at, at + 3);
    nodes.push({ node, periodId, amount: BigInt(amount) });
  }
  return { ...{ callId, tag, spoolId, nodes }, sinceMs: Number(since), deadlineAtMs: Number(deadline), reason };
}

/** The oldest first. */
export function sortHolds(found: readonly (readonly Hold[])[]): Hold[] {
  return found.flat().sort((a, b) => a.sinceMs - b.sinceMs || (a.callId < b.callId ? -1 : 1));
}
