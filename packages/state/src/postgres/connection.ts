import pg from 'pg';
import { StateRejected, StateUnavailable } from '../port.ts';

/** Where the store is. `poolMax` bounds the batches under way at once; one more connection listens. */
export interface PostgresStateOptions {
  readonly connectionString: string;
  readonly poolMax?: number;
  /** After this long a call rejects with StateUnavailable. Default 5000. */
  readonly timeoutMs?: number;
}

/** Calls one function of the schema `state`. */
export interface Connection {
  /** The single value of `text`, a statement named `name` that each connection prepares once. */
  value<T>(name: string, text: string, values: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

/** Opens a pool that connects on first use. */
export function openConnection({ connectionString, poolMax = 10, timeoutMs = 5000 }: PostgresStateOptions): Connection {
  const pool = new pg.Pool({
    connectionString,
    max: poolMax,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    statement_timeout: timeoutMs,
    keepAlive: true,
    application_name: 'tollwright-state',
  });
  // The pool drops an idle connection that breaks and opens another on demand.
  pool.on('error', () => undefined);
  return {
    async value<T>(name: string, text: string, values: readonly unknown[]): Promise<T> {
      try {
        const result = await pool.query<[T]>({ name, text, values: [...values], rowMode: 'array' });
        return (result.rows[0] as [T])[0];
      } catch (error) {
        throw toStateError(error);
      }
    },
    close: () => pool.end(),
  };
}

/** Data exceptions, integrity violations and our own RAISE are the caller's fault; all else leaves the outcome unknown. */
function toStateError(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const definite = error instanceof pg.DatabaseError && /^(22|23|P0001)/.test(error.code ?? '');
  return definite ? new StateRejected(message, { cause: error }) : new StateUnavailable(message, { cause: error });
}
