import { TRACES_KEPT_MAX, type TraceStore } from '../trace-store.ts';
import { toTraceEntry } from '../wire/trace-entry.ts';
import type { RedisConnection } from './connection.ts';
import { TRACES } from './keys.ts';
import { appendTracesScript } from './scripts/traces.ts';

/** Traces of calls, in one stream. */
export function redisTraces(connection: RedisConnection): TraceStore {
  return {
    async append(traces) {
      if (traces.length === 0) return 0;
      return connection.run<number>(appendTracesScript, [TRACES], [TRACES_KEPT_MAX, ...traces]);
    },
    async read(limit) {
      const entries = await connection.command<[id: string, fields: string[]][]>(
        'XRANGE',
        TRACES,
        '-',
        '+',
        'COUNT',
        limit,
      );
      return entries.map(([id, fields]) => toTraceEntry(id, fields[1] ?? ''));
    },
    async remove(ids) {
      if (ids.length > 0) await connection.command('XDEL', TRACES, ...ids);
    },
  };
}
