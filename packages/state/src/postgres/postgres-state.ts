import type { StatePort } from '../port.ts';
import { postgresClaims } from './claims.ts';
import { openConnection, type PostgresStateOptions } from './connection.ts';
import { postgresCounters } from './counters.ts';
import { postgresDirectory } from './directory.ts';
import { postgresInbox } from './inbox.ts';
import { postgresSpools } from './spools.ts';
import { openWake } from './wake.ts';

/** The state port on PostgreSQL, in the schema that migrateState makes. Connects on first use. */
export function createPostgresState(options: PostgresStateOptions): StatePort {
  const connection = openConnection(options);
  const wake = openWake(options.connectionString);
  return {
    counters: postgresCounters(connection),
    spools: postgresSpools(connection),
    claims: postgresClaims(connection),
    directory: postgresDirectory(connection, wake),
    inbox: postgresInbox(connection),
    async ping() {
      return connection.value<number>('state_ping', 'SELECT 1', []).then(
        () => true,
        () => false,
      );
    },
    async close() {
      await Promise.all([wake.close(), connection.close()]);
    },
  };
}

/** Forgets what nothing can ask for again: old windows, counters, changes, seats. For the worker, once an hour. */
export async function purgeState(options: PostgresStateOptions): Promise<void> {
  const connection = openConnection({ timeoutMs: 60_000, ...options, poolMax: 1 });
  try {
    await connection.value('state_purge', 'SELECT state.purge()', []);
  } finally {
    await connection.close();
  }
}
