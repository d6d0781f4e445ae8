import { randomBytes } from 'node:crypto';
import type { DatabaseRole } from '@tollwright/state';
import pg from 'pg';
import { urlAs, urlOf } from './database-url.ts';

export interface FreshDatabase {
  /** The superuser's address; it owns every table, and row level security does not bind it. */
  url: string;
  /** The address for one of the apps' roles. */
  urlAs(role: DatabaseRole): string;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own for one test file. Works in the `services` project only. */
export async function freshDatabase(): Promise<FreshDatabase> {
  // Loaded here, since vitest refuses to be imported by the benchmarks that share this package.
  const { inject } = await import('vitest');
  const templateUrl = inject('databaseUrl');
  const password = inject('databaseRolePassword');
  const template = new URL(templateUrl).pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = urlOf(templateUrl, name);
  await onServer(templateUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  await onServer(templateUrl, `GRANT CREATE ON DATABASE ${name} TO tollwright_queue`);
  return {
    url,
    urlAs: (role) => urlAs(url, role, password),
    drop: () => onServer(templateUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(templateUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(templateUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
