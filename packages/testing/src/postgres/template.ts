import { randomBytes } from 'node:crypto';
import { type DatabaseRole, grantLogins, migrateState } from '@tollwright/state';
import { ensureDatabase, urlAs, urlOf } from './database-url.ts';
import { migrateSchema } from './migrate.ts';
import { queryOnce } from './query-once.ts';

/** A migrated database that others are copied from; it is never written to. */
export interface DatabaseTemplate {
  /** The superuser's address. */
  readonly databaseUrl: string;
  /** The password of every database role in this cluster. */
  readonly password: string;
}

/** A copy of a template. */
export interface DatabaseCopy {
  /** The superuser's address; it owns every table, and row level security does not bind it. */
  readonly url: string;
  /** The address for one of the apps' roles. */
  urlAs(role: DatabaseRole): string;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

/** Makes the database on that server and applies every migration; its roles may sign in. */
export async function migrateTemplate(serverUrl: string, name: string): Promise<DatabaseTemplate> {
  const databaseUrl = await ensureDatabase(serverUrl, name);
  const password = randomBytes(12).toString('hex');
  await migrateSchema(databaseUrl);
  await migrateState(databaseUrl);
  await grantLogins(databaseUrl, () => password);
  return { databaseUrl, password };
}

/** Copies a template into a new, empty database of that name. */
export async function copyTemplate(template: DatabaseTemplate, name: string): Promise<DatabaseCopy> {
  const { databaseUrl, password } = template;
  const url = urlOf(databaseUrl, name);
  const onServer = (statement: string) => queryOnce(urlOf(databaseUrl, 'postgres'), statement);
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${new URL(databaseUrl).pathname.slice(1)}`);
  await onServer(`GRANT CREATE ON DATABASE ${name} TO tollwright_queue`);
  return {
    url,
    urlAs: (role) => urlAs(url, role, password),
    drop: async () => void (await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}
