import { withTenant, withUser } from '@tollwright/db';
import { createWorld, openServicesHarness, type ServicesHarness, type World } from '@tollwright/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let harness: ServicesHarness;
let acme: World;
let other: World;
let tables: string[];

beforeAll(async () => {
  harness = await openServicesHarness();
  acme = await createWorld(harness, 'acme');
  other = await createWorld(harness, 'other');
  const rows = await harness.owner.$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`;
  tables = rows.map((row) => row.name);
});
afterAll(() => harness.close());

type Queries = { $queryRawUnsafe<T>(statement: string): Promise<T> };

async function countIn(db: Queries, table: string): Promise<number | 'denied'> {
  try {
    const rows = await db.$queryRawUnsafe<{ count: bigint }[]>(`SELECT count(*) AS count FROM "${table}"`);
    return Number(rows[0]?.count);
  } catch (error) {
    if (String(error).includes('permission denied')) return 'denied';
    throw error;
  }
}

describe('without a tenant', () => {
  it('the portal reads no row of any table, and the tables are not empty', async () => {
    let filled = 0;
    for (const table of tables) {
      if (Number(await countIn(harness.owner, table)) > 0) filled += 1;
      expect([0, 'denied'], `portal, ${table}`).toContain(await countIn(harness.ctx.db, table));
    }
    expect(filled).toBeGreaterThan(20);
  });

  it('every table with a provider_id has forced row level security', async () => {
    const open = await harness.owner.$queryRaw<{ name: string }[]>`
      SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'provider_id'
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
      WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`;
    expect(open).toEqual([]);
  });
});

describe('in a tenant', () => {
  const withProviderId = async () => {
    const rows = await harness.owner.$queryRaw<{ name: string }[]>`
      SELECT table_name::text AS name FROM information_schema.columns
      WHERE table_schema = 'public' AND column_name = 'provider_id'`;
    return rows.map((row) => row.name);
  };

  it("no table shows another provider's rows", async () => {
    for (const table of await withProviderId()) {
      const tenant = { providerId: acme.providerId, customerId: '*' };
      const statement = `SELECT count(*) AS count FROM "${table}" WHERE provider_id = '${other.providerId}'`;
      const rows = await withTenant(harness.workerCtx.db, tenant, (tx) =>
        tx.$queryRawUnsafe<{ count: bigint }[]>(statement),
      );
      expect(Number(rows[0]?.count), table).toBe(0);
    }
  });

  it("one customer's scope shows no row of another customer or of the provider's own books", async () => {
    const tenant = { providerId: acme.providerId, customerId: 'cus_00000000000000000000000000' };
    for (const table of ['agent', 'api_key', 'budget', 'subscription', 'audit_entry', 'api_token', 'ledger_posting']) {
      expect(await withTenant(harness.ctx.db, tenant, (tx) => countIn(tx, table)), table).toBe(0);
    }
  });

  it("refuses to write another provider's row", async () => {
    const attempt = withTenant(harness.ctx.db, { providerId: acme.providerId, customerId: '*' }, (tx) =>
      tx.project.create({
        data: { id: 'prj_x', providerId: other.providerId, customerId: other.customerId, name: 'X' },
      }),
    );
    await expect(attempt).rejects.toThrow(/row-level security/);
  });

  it('does not last beyond its transaction', async () => {
    await withTenant(harness.ctx.db, { providerId: acme.providerId, customerId: '*' }, (tx) => countIn(tx, 'agent'));
    for (let connection = 0; connection < 8; connection += 1) {
      expect(await countIn(harness.ctx.db, 'agent')).toBe(0);
    }
  });
});

describe('a person', () => {
  it('sees their own row, memberships and organizations, nothing else', async () => {
    const { userId } = acme.customerOwner;
    await withUser(harness.ctx.db, userId, async (tx) => {
      expect((await tx.user.findMany()).map((row) => row.id)).toEqual([userId]);
      expect((await tx.membership.findMany()).map((row) => row.userId)).toEqual([userId]);
      expect((await tx.customer.findMany()).map((row) => row.id)).toEqual([acme.customerId]);
      expect(await tx.agent.count()).toBe(0);
    });
  });
});
