import pg from 'pg';

/** Runs one statement on a connection of its own: how tests look behind the product's back. */
export async function queryOnce<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(statement, [...values]);
    return result.rows;
  } finally {
    await client.end();
  }
}
