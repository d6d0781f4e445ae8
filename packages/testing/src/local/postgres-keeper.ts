import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Postgres, startPostgres } from '../postgres/start-postgres.ts';
import { type Home, writeJson } from './home.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** The database server, started again when somebody kills it. */
export interface PostgresKeeper {
  /** The superuser's address of the database `postgres`. */
  url: string;
  identity(): ProcessIdentity | null;
  stop(): Promise<void>;
}

const lookEveryMs = 300;

/** Starts or adopts the server and watches over it; it is no child of ours, so that it outlives a killed launcher. */
export async function keepPostgres(
  home: Home,
  port: number,
  events: { changed(): void; say(line: string): void },
): Promise<PostgresKeeper> {
  let server = await open(home, port);
  let identity = identify(server.pid);
  const stopped = new AbortController();
  const watch = async () => {
    while (!stopped.signal.aborted) {
      await sleep(lookEveryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted || (identity && isAlive(identity))) continue;
      if (identity) events.say('postgres ended; it is started again');
      identity = null;
      try {
        server = await open(home, server.port);
        identity = identify(server.pid);
        events.changed();
        events.say('postgres is back');
      } catch (error) {
        events.say(String(error));
      }
    }
  };
  const watching = watch();
  return {
    url: server.url,
    identity: () => identity,
    stop: async () => {
      stopped.abort();
      await watching;
      await server.stop();
    },
  };
}

async function open(home: Home, port: number): Promise<Postgres> {
  const server = await startPostgres({ dataDir: home.postgresDir, port });
  // A cluster in /var/tmp may have been tidied away: then the demo data is gone with it.
  if (server.created) rmSync(home.seedFile, { force: true });
  writeJson(home.postgresFile, { clusterDir: server.clusterDir, elsewhere: server.elsewhere, port: server.port });
  return server;
}
