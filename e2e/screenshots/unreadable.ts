import { query } from '../database.ts';

/** Takes the portal's right to read a table away while `use` runs: what a page shows when its server fails. */
export async function whileUnreadable<T>(table: string, use: () => Promise<T>): Promise<T> {
  const roles = (await readersOf(table)).map(quoted).join(', ');
  await query(`REVOKE SELECT ON ${quoted(table)} FROM ${roles}`);
  try {
    return await use();
  } finally {
    await query(`GRANT SELECT ON ${quoted(table)} TO ${roles}`);
  }
}

async function readersOf(table: string): Promise<string[]> {
  const rows = await query<{ grantee: string }>(
    `SELECT grantee FROM information_schema.role_table_grants
     WHERE table_name = $1 AND privilege_type = 'SELECT' AND grantee LIKE '%portal%'`,
    [table],
  );
  if (rows.length === 0) throw new Error(`no role of the portal reads ${table}`);
  return rows.map(({ grantee }) => grantee);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
