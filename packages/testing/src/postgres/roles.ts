import pg from 'pg';

/** The database roles of the three apps and of the queue, as the migrations and the launcher make them. */
export const databaseRoles = [
  'tollwright_portal',
  'tollwright_worker',
  'tollwright_gateway',
  'tollwright_queue',
] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/** Lets the roles sign in with these passwords; makes the queue's role and schema, which no migration knows. */
export async function grantLogins(superuserUrl: string, passwordOf: (role: DatabaseRole) => string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const role of databaseRoles) {
      const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = known.rowCount ? 'ALTER' : 'CREATE';
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(passwordOf(role))}`);
    }
    const database = pg.escapeIdentifier(new URL(superuserUrl).pathname.slice(1));
    await client.query(`GRANT CONNECT, CREATE ON DATABASE ${database} TO tollwright_queue`);
    await client.query('CREATE SCHEMA IF NOT EXISTS bullmq AUTHORIZATION tollwright_queue');
  } finally {
    await client.end();
  }
}

/** The same database, entered as that role. */
export function urlAs(url: string, role: DatabaseRole, password: string): string {
  const other = new URL(url);
  other.username = role;
  other.password = encodeURIComponent(password);
  return other.href;
}

/** The same server, another database. */
export function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Makes the database unless it exists; answers its address. */
export async function ensureDatabase(serverUrl: string, database: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (!known.rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  return urlOf(serverUrl, database);
}
