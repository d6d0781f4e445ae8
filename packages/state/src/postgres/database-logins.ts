import pg from 'pg';

/** Who signs in to the database. Migrations make the first three without a password; the queue's is made here. */
export const databaseRoles = [
  'tollwright_portal',
  'tollwright_worker',
  'tollwright_gateway',
  'tollwright_queue',
] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/**
 * Lets the roles sign in with these passwords; makes the queue's role and schema, which no migration knows. `databaseUrl` is
 * the owner's: a superuser, or a role with CREATEROLE that owns the database. Harmless when repeated.
 */
export async function grantLogins(databaseUrl: string, passwordOf: (role: DatabaseRole) => string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const role of databaseRoles) {
      const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = known.rowCount ? 'ALTER' : 'CREATE';
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(passwordOf(role))}`);
    }
    await client.query('GRANT tollwright_queue TO CURRENT_USER');
    const database = pg.escapeIdentifier(new URL(databaseUrl).pathname.slice(1));
    await client.query(`GRANT CONNECT, CREATE ON DATABASE ${database} TO tollwright_queue`);
    await client.query('CREATE SCHEMA IF NOT EXISTS bullmq AUTHORIZATION tollwright_queue');
  } finally {
    await client.end();
  }
}
