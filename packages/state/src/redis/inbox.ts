import { inboxItem, toJson } from '@tollwright/contracts';
import { type InboxEntry, type InboxStore, StateRejected } from '../port.ts';
import type { RedisConnection } from './connection.ts';
import { spoolKeys, spoolLists } from './keys.ts';
import { acknowledgeScript, appendScript } from './scripts/inbox.ts';

const PIECES_AT_ONCE = 8;

/** The way from spools to the worker: one stream a spool, whose entries are the pieces in which items came. */
export function redisInbox(connection: RedisConnection): InboxStore {
  async function appendJson(spoolId: string, first: number, count: number, items: Buffer | string): Promise<void> {
    if (count === 0) return;
    const { inbox, items: stream } = spoolKeys(spoolId);
    const append = (listed: string) =>
      connection.run<string>(appendScript, [inbox, stream], [first, first + count - 1, items, listed]);
    if ((await append('0')) !== 'unlisted') return;
    await connection.command('SADD', spoolLists.inbox, spoolId);
    await append('1');
  }
  return {
    append(spoolId, items) {
      const first = items[0]?.sequence ?? 1;
      if (items.some(({ sequence }, index) => sequence !== first + index)) {
        return Promise.reject(new StateRejected('items are not numbered one after the other'));
      }
      return appendJson(spoolId, first, items.length, toJson(items.map(({ item }) => item)));
    },
    appendJson,
    async watermark(spoolId) {
      const committed = await connection.command<string | null>('HGET', spoolKeys(spoolId).inbox, 'committed');
      return Number(committed ?? 0);
    },
    async pending() {
      const spoolIds = await connection.command<string[]>('SMEMBERS', spoolLists.inbox);
      const waiting = await Promise.all(spoolIds.map((spoolId) => isPending(connection, spoolId)));
      return spoolIds.filter((_, index) => waiting[index]).sort();
    },
    read: (spoolId, afterSequence, limit) => readItems(connection, spoolId, afterSequence, limit),
    async acknowledge(spoolId, sequence) {
      const { inbox, items } = spoolKeys(spoolId);
      await connection.run(acknowledgeScript, [inbox, items], [sequence]);
    },
  };
}

async function isPending(connection: RedisConnection, spoolId: string): Promise<boolean> {
  const [appended, committed] = await connection.command<(string | null)[]>(
    'HMGET',
    spoolKeys(spoolId).inbox,
    ...['appended', 'committed'],
  );
  return Number(committed ?? 0) < Number(appended ?? 0);
}

type StreamEntry = readonly [id: string, fields: readonly string[]];

async function readItems(
  connection: RedisConnection,
  spoolId: string,
  afterSequence: number,
  limit: number,
): Promise<InboxEntry[]> {
  const { inbox, items } = spoolKeys(spoolId);
  const committed = Number((await connection.command<string | null>('HGET', inbox, 'committed')) ?? 0);
  const after = Math.max(afterSequence, committed);
  const found: InboxEntry[] = [];
  for (let from = `${after + 1}`; found.length < limit; ) {
    const pieces = await connection.command<StreamEntry[]>('XRANGE', items, from, '+', 'COUNT', PIECES_AT_ONCE);
    for (const piece of pieces) found.push(...entriesOf(piece).filter(({ sequence }) => sequence > after));
    const last = pieces.at(-1);
    if (last === undefined || pieces.length < PIECES_AT_ONCE) break;
    from = `(${last[0]}`;
  }
  return found.slice(0, limit);
}

/** A piece holds the items `first` to its own number, of which those before `from` had come already. */
function entriesOf([id, fields]: StreamEntry): InboxEntry[] {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const [first, from, last] = [Number(field('first')), Number(field('from')), Number(id.split('-')[0])];
  const text = field('items');
  const values = parseArray(text, last - first + 1);
  return Array.from({ length: last - from + 1 }, (_, index): InboxEntry => {
    const sequence = from + index;
    if (values === null)
      return { sequence, item: null, raw: text, reason: 'not as many items of JSON as were announced' };
    const value = values[sequence - first];
    const parsed = inboxItem.safeParse(value);
    if (parsed.success) return { sequence, item: parsed.data };
    return { sequence, item: null, raw: toJson(value), reason: parsed.error.message };
  });
}

function parseArray(text: string, length: number): readonly unknown[] | null {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) && values.length === length ? values : null;
  } catch {
    return null;
  }
}
