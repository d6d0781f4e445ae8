import { databaseRoles } from '@tollwright/state';
import { ensureDatabase, urlOf } from '../postgres/database-url.ts';
import { runMigration } from '../postgres/migrate.ts';
import type { Secrets } from './secrets.ts';

const databaseName = 'tollwright';

/** The superuser's address of Tollwright's database on that server. */
export function databaseUrlOn(serverUrl: string): string {
  return urlOf(serverUrl, databaseName);
}

/** Makes the database and runs the migration job on it, the same that an operator runs. Throws with its own words. */
export async function prepareDatabase(serverUrl: string, secrets: Secrets): Promise<void> {
  const databaseUrl = await ensureDatabase(serverUrl, databaseName);
  const passwords = databaseRoles.map((role) => [`${role.toUpperCase()}_PASSWORD`, secrets.rolePasswords[role]]);
  await runMigration(['tools/migrate.mjs'], { ...Object.fromEntries(passwords), DATABASE_URL: databaseUrl });
}
