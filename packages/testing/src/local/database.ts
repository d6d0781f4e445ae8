import { migrateState } from '@tollwright/state';
import { migrateSchema } from '../postgres/migrate.ts';
import { ensureDatabase, grantLogins, urlOf } from '../postgres/roles.ts';
import type { Secrets } from './secrets.ts';

const databaseName = 'tollwright';

/** The superuser's address of Tollwright's database on that server. */
export function databaseUrlOn(serverUrl: string): string {
  return urlOf(serverUrl, databaseName);
}

/** Makes the database, brings tables and state functions up to date and lets the roles in. */
export async function prepareDatabase(serverUrl: string, secrets: Secrets): Promise<void> {
  const databaseUrl = await ensureDatabase(serverUrl, databaseName);
  await migrateSchema(databaseUrl);
  await migrateState(databaseUrl);
  await grantLogins(databaseUrl, (role) => secrets.rolePasswords[role]);
}
