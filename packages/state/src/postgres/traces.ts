import { TRACES_KEPT_MAX, type TraceStore } from '../trace-store.ts';
import { toTraceEntry } from '../wire/trace-entry.ts';
import type { Connection } from './connection.ts';

/** Traces of calls, in one table. */
export function postgresTraces(connection: Connection): TraceStore {
  return {
    async append(traces) {
      if (traces.length === 0) return 0;
      return connection.value<number>('state_append_traces', 'SELECT state.append_traces($1, $2)', [
        traces,
        TRACES_KEPT_MAX,
      ]);
    },
    async read(limit) {
      const text = 'SELECT state.read_traces($1)';
      const rows = await connection.value<{ id: string; trace: string }[]>('state_read_traces', text, [limit]);
      return rows.map(({ id, trace }) => toTraceEntry(id, trace));
    },
    async remove(ids) {
      if (ids.length === 0) return;
      await connection.value('state_remove_traces', 'SELECT state.remove_traces($1)', [ids]);
    },
  };
}
