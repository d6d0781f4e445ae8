import type { Seat } from '../port.ts';
import type { RegisteredSpool, SpoolRegistry } from '../spool-registry.ts';
import type { Connection } from './connection.ts';
import { fromWireHolds, type WireHold } from './counters.ts';
import { encodeSettles } from './encode-batch.ts';

/** Gateways by their spool folder. */
export function postgresSpools(connection: Connection): SpoolRegistry {
  return {
    async register({ spoolId, bootId, host, url }) {
      const values = [spoolId, bootId, host, url];
      await connection.value('state_register', 'SELECT state.register_spool($1, $2, $3, $4)', values);
    },
    async report(spoolId, { sequence, sinceMs }) {
      const values = [spoolId, sequence, sinceMs];
      await connection.value('state_report', 'SELECT state.report_spool($1, $2, $3)', values);
    },
    async takeOver(deadSpoolId, bySpoolId) {
      const found = await connection.value<{ incarnation: number; seats: Seat[]; holds: WireHold[] }>(
        'state_take_over',
        'SELECT state.take_over($1, $2)',
        [deadSpoolId, bySpoolId],
      );
      return { incarnation: found.incarnation, seats: found.seats, holds: fromWireHolds(found.holds) };
    },
    async settleTaken(spoolId, tag, settles) {
      const text = 'SELECT state.settle_taken($1, $2, $3, $4, $5, $6)';
      await connection.value('state_settle_taken', text, [tag, spoolId, ...encodeSettles(settles)]);
    },
    async close(spoolId) {
      await connection.value('state_close_spool', 'SELECT state.close_spool($1)', [spoolId]);
    },
    list: () => connection.value<RegisteredSpool[]>('state_spools', 'SELECT state.list_spools()', []),
  };
}
