import type { StatePort } from '../port.ts';
import { postgresAccesses } from './accesses.ts';
import { postgresAnswers } from './answers.ts';
import { postgresChannels } from './channels.ts';
import { postgresClaims } from './claims.ts';
import { openConnection, type PostgresStateOptions } from './connection.ts';
import { postgresCounters } from './counters.ts';
import { postgresDirectory } from './directory.ts';
import { postgresEpochs } from './epochs.ts';
import { postgresInbox } from './inbox.ts';
import { postgresSpools } from './spools.ts';
import { postgresTraces } from './traces.ts';
import { postgresVolumes } from './volumes.ts';
import { openWake } from './wake.ts';

/** The state port on PostgreSQL, in the schema that migrateState makes. Connects on first use. */
export function createPostgresState(options: PostgresStateOptions): StatePort {
  const connection = openConnection(options);
  const wake = openWake(options.connectionString);
  return {
    counters: postgresCounters(connection),
    spools: postgresSpools(connection),
    claims: postgresClaims(connection),
    channels: postgresChannels(connection),
    accesses: postgresAccesses(connection),
    volumes: postgresVolumes(connection),
    answers: postgresAnswers(connection),
    epochs: postgresEpochs(connection),
    directory: postgresDirectory(connection, wake),
    inbox: postgresInbox(connection),
    traces: postgresTraces(connection),
    // PostgreSQL answers a commit once it is on disk, unless its owner has chosen otherwise; nothing to ask.
    verify: async () => undefined,
    nowMs: async () => Number(await connection.value('state_now', 'SELECT state.now_ms()', [])),
    async ping() {
      return connection.value<number>('state_ping', 'SELECT 1', []).then(
        () => true,
        () => false,
      );
    },
    purge: () => purge(options),
    async close() {
      await Promise.all([wake.close(), connection.close()]);
    },
  };
}

/** On a connection of its own, since it may take longer than calls may wait. */
async function purge(options: PostgresStateOptions): Promise<void> {
  const connection = openConnection({ ...options, timeoutMs: 60_000, poolMax: 1 });
  try {
    await connection.value('state_purge', 'SELECT state.purge()', []);
  } finally {
    await connection.close();
  }
}
