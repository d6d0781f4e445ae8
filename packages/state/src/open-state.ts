import type { StatePort } from './port.ts';
import { createPostgresState } from './postgres/postgres-state.ts';
import { createRedisState } from './redis/redis-state.ts';

/** Where the state store is: Redis when it is named, else PostgreSQL. One of the two is needed. */
export interface StateLocation {
  /** As RedisStateOptions.url. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Connections to PostgreSQL. Default 10. */
  readonly poolMax?: number;
}

/** Opens the state port on the store that is configured. Connects on first use. Throws when an address is not usable. */
export function openState({ redisUrl, databaseUrl, poolMax = 10 }: StateLocation): StatePort {
  if (redisUrl !== undefined) return createRedisState({ url: redisUrl });
  if (databaseUrl === undefined) throw new Error('neither Redis nor PostgreSQL is named as the state store');
  return createPostgresState({ connectionString: databaseUrl, poolMax });
}
