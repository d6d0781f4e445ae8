import { inboxItem, toJson } from '@tollwright/contracts';
import type { InboxEntry, InboxStore } from '../port.ts';
import type { Connection } from './connection.ts';

/** The way from spools to the worker. */
export function postgresInbox(connection: Connection): InboxStore {
  return {
    async append(spoolId, items) {
      const text = 'SELECT state.append_inbox($1, $2::bigint[], $3::json[])';
      const sequences = `{${items.map((item) => item.sequence).join(',')}}`;
      await connection.value('state_append', text, [spoolId, sequences, items.map((item) => toJson(item.item))]);
    },
    async appendJson(spoolId, firstSequence, _count, items) {
      const text = 'SELECT state.append_inbox_json($1, $2, $3)';
      await connection.value('state_append_json', text, [spoolId, firstSequence, items]);
    },
    async watermark(spoolId) {
      return Number(await connection.value('state_watermark', 'SELECT state.inbox_watermark($1)', [spoolId]));
    },
    pending: () => connection.value<string[]>('state_pending', 'SELECT state.pending_inbox()', []),
    async read(spoolId, afterSequence, limit) {
      const rows = await connection.value<{ sequence: number; item: unknown }[]>(
        'state_read_inbox',
        'SELECT state.read_inbox($1, $2, $3)',
        [spoolId, afterSequence, limit],
      );
      return rows.map(toEntry);
    },
    async acknowledge(spoolId, sequence) {
      await connection.value('state_acknowledge', 'SELECT state.acknowledge_inbox($1, $2)', [spoolId, sequence]);
    },
  };
}

function toEntry({ sequence, item }: { sequence: number; item: unknown }): InboxEntry {
  const parsed = inboxItem.safeParse(item);
  if (parsed.success) return { sequence, item: parsed.data };
  return { sequence, item: null, raw: toJson(item), reason: parsed.error.message };
}
