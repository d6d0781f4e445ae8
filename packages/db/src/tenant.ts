import type { Db, Tx } from './client.ts';

/**
 * Whose rows a transaction may see and write; row level security holds it to them.
 * `customerId`: `*` for the whole provider, an empty string for what is no customer's, or one customer's id.
 */
export interface Tenant {
  readonly providerId: string;
  readonly customerId: string;
  /** The signed-in person, for their own memberships. */
  readonly userId?: string;
}

export interface TransactionOptions {
  /** `RepeatableRead` reads everything as of one moment. Default `ReadCommitted`. */
  readonly isolationLevel?: 'ReadCommitted' | 'RepeatableRead';
  readonly timeoutMs?: number;
}

interface Settings {
  readonly providerId?: string;
  readonly customerId?: string;
  readonly userId?: string;
  readonly scope?: string;
}

/** Runs `fn` in one transaction that sees this tenant only. */
export function withTenant<T>(
  db: Db,
  tenant: Tenant,
  fn: (tx: Tx) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  return inTransaction(db, tenant, fn, options);
}

/** Runs `fn` in one transaction that sees a person's own row, memberships and organizations only. */
export function withUser<T>(db: Db, userId: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, { userId }, fn);
}

/** Runs `fn` where no person is known yet: sign-up, sign-in, reset. Sees users, mail tokens and attempt counts, no tenant. */
export function withAccounts<T>(db: Db, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, { scope: 'accounts' }, fn);
}

/** Runs `fn` as the sender of the outbox. Sees outbox messages of everybody, no tenant. */
export function withOutbox<T>(db: Db, fn: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T> {
  return inTransaction(db, { scope: 'outbox' }, fn, options);
}

/** Runs `fn` for the stored answers of one actor's idempotent requests. Sees that actor's records, no tenant. */
export function withIdempotency<T>(db: Db, actor: string, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, { scope: `idempotency:${actor}` }, fn);
}

function inTransaction<T>(
  db: Db,
  settings: Settings,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT
        set_config('app.provider_id', ${settings.providerId ?? ''}, true),
        set_config('app.customer_id', ${settings.customerId ?? ''}, true),
        set_config('app.user_id', ${settings.userId ?? ''}, true),
        set_config('app.scope', ${settings.scope ?? ''}, true)`;
      return fn(tx);
    },
    {
      isolationLevel: options.isolationLevel ?? 'ReadCommitted',
      timeout: options.timeoutMs ?? 20_000,
      maxWait: 10_000,
    },
  );
}
