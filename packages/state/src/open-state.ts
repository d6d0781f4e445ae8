import type { StatePort } from './port.ts';
import { createPostgresState } from './postgres/postgres-state.ts';
import { createRedisState } from './redis/redis-state.ts';

/** Where the state store is: Redis when it is named, else PostgreSQL. */
export interface StateLocation {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  /** Connections to PostgreSQL. Default 10. */
  readonly poolMax?: number;
}

/** Opens the state port on the store that is configured. Connects on first use. Throws when an address is not usable. */
export function openState({ redisUrl, databaseUrl, poolMax = 10 }: StateLocation): StatePort {
  return redisUrl === undefined
    ? createPostgresState({ connectionString: databaseUrl, poolMax })
    : createRedisState({ url: redisUrl });
}
