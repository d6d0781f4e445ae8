import { type FreshDatabase, freshDatabase } from '@tollwright/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, customer, freshId, reserveItem } from '../contract/harness.ts';
import { migrateState } from './migrate-state.ts';
import { createPostgresState } from './postgres-state.ts';

const roles = ['tollwright_gateway', 'tollwright_worker', 'tollwright_portal'] as const;

describe('state on PostgreSQL: migration and roles', () => {
  let database: FreshDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await freshDatabase();
    // Two apps that start at once: one applies the files, the other finds them applied.
    const applied = await Promise.all([migrateState(database.url), migrateState(database.url)]);
    expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, applied.flat().length]);
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('an applied file that was changed since is an error', async () => {
    const set = 'UPDATE state.migration SET checksum = $1 WHERE name LIKE $2 RETURNING name';
    const before = await owner.query(`SELECT checksum FROM state.migration WHERE name LIKE '0001%'`);
    await owner.query(set, ['other', '0001%']);
    await expect(migrateState(database.url)).rejects.toThrow(/0001.* was changed/);
    await owner.query(set, [before.rows[0].checksum, '0001%']);
    expect(await migrateState(database.url)).toEqual([]);
  });

  it('no role has a privilege on any table', async () => {
    const tables = await owner.query<{ name: string }>(
      `SELECT format('state.%I', relname) AS name FROM pg_class WHERE relnamespace = 'state'::regnamespace AND relkind = 'r'`,
    );
    expect(tables.rows.length).toBeGreaterThan(10);
    for (const role of roles) {
      const client = new pg.Client({ connectionString: database.urlAs(role) });
      await client.connect();
      try {
        for (const { name } of tables.rows) {
          const denied = { code: '42501' };
          await expect(client.query(`SELECT * FROM ${name}`), `${role} ${name}`).rejects.toMatchObject(denied);
          await expect(client.query(`DELETE FROM ${name}`), `${role} ${name}`).rejects.toMatchObject(denied);
        }
      } finally {
        await client.end();
      }
    }
  });

  it('every function is open to the roles that need it, and to nobody else', async () => {
    const rows = await owner.query<{ name: string; allowed: string[]; definer: boolean; path: boolean }>(
      `SELECT p.proname AS name, p.prosecdef AS definer,
        coalesce(array_to_string(p.proconfig, ' '), '') LIKE 'search_path=pg_catalog, pg_temp%' AS path,
        ARRAY(SELECT r FROM unnest($1::text[]) AS r WHERE has_function_privilege(r, p.oid, 'EXECUTE')) AS allowed
       FROM pg_proc AS p WHERE p.pronamespace = 'state'::regnamespace ORDER BY 1`,
      [[...roles, 'tollwright_queue']],
    );
    for (const { name, allowed, definer, path } of rows.rows) {
      if (allowed.length > 0) expect({ name, definer, path }).toEqual({ name, definer: true, path: true });
    }
    const openTo = (role: string) => rows.rows.filter((row) => row.allowed.includes(role)).map((row) => row.name);
    expect(openTo('tollwright_queue')).toEqual([]);
    expect(openTo('tollwright_gateway')).toEqual([
      ...[
        'append_inbox',
        'append_inbox_json',
        'append_traces',
        'batch',
        'begin_answer',
        'changes_since',
        'claim_exposed',
        'claim_payment',
        // One is for gateways of the release before.
        ...['claim_voucher', 'claim_voucher'],
        'claim_within',
        'close_channel',
        'close_seat',
        'close_spool',
        'current_epoch',
        'end_answer',
        'find_key',
        'get_channel',
        'get_claim',
      ],
      ...[
        'get_snapshot',
        'inbox_watermark',
        'list_holds',
        'list_snapshots',
        'list_spools',
        'move_claim',
        'now_ms',
        'open_channel',
        'paid_access',
        'paid_volume',
        'raise_epoch',
        'read_counters',
        'read_windows',
        'register_spool',
        'rejoin_epoch',
        'report_spool',
        'take_over',
      ],
    ]);
    for (const role of ['tollwright_worker', 'tollwright_portal']) {
      expect(openTo(role)).toEqual(expect.arrayContaining(['put_snapshot', 'put_customer', 'read_counters']));
      expect(openTo(role)).not.toEqual(expect.arrayContaining(['batch']));
    }
  });

  it('portal publishes, gateway counts gateways and reserves, worker purges, each as its own role', async () => {
    const gateway = createPostgresState({ connectionString: database.urlAs('tollwright_gateway') });
    const portal = createPostgresState({ connectionString: database.urlAs('tollwright_portal') });
    const worker = createPostgresState({ connectionString: database.urlAs('tollwright_worker') });
    const [customerId, spoolId] = [freshId('cus'), freshId('spl')];
    try {
      let wake = () => {};
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await gateway.directory.onWake(() => wake());
      await portal.directory.putCustomer(customer(customerId), []);
      await woken;
      await gateway.spools.register({ spoolId, bootId: 'b', host: 'h', url: 'u' });
      expect((await gateway.spools.list()).map((spool) => spool.spoolId)).toContain(spoolId);
      const items = [reserveItem({ nodes: [ask(1n, 2n)] })];
      const reply = await gateway.counters.batch(
        { tag: `c:${customerId}`, epoch: 1, spoolId, incarnation: 1, number: 1 },
        items,
      );
      expect(reply).toMatchObject({ kind: 'done', replies: [{ kind: 'granted' }] });
      expect((await gateway.spools.list()).map((spool) => spool.spoolId)).toContain(spoolId);
      await worker.purge();
      expect(await portal.counters.read(`c:${customerId}`)).toMatchObject([{ held: 1n }]);
    } finally {
      await Promise.all([gateway.close(), portal.close(), worker.close()]);
    }
  });

  it('purge: forgets old windows, counters, seats and repeated changes, never a hold`s counter', async () => {
    await owner.query(`
      INSERT INTO state.counter (tag, node, period_id, period, ends_at_ms, limit_amount, spent, held) VALUES
        ('c:p', 'old', '2001-01', 'month', 980000000000, 9, 5, 0), ('c:p', 'held', '2001-01', 'month', 980000000000, 9, 5, 1),
        ('c:p', 'ever', 'total', 'total', NULL, 9, 5, 0);
      INSERT INTO state.rate_window VALUES ('c:p', 'old', 60, 980000000000, 1),
        ('c:p', 'new', 60, state.clock_ms(), 1);
      INSERT INTO state.spool (spool_id, boot_id, host, url, registered_at_ms, closed_at_ms) VALUES
        ('spl_p', 'b', 'h', 'u', 1, state.clock_ms() - 7200000);
      INSERT INTO state.seat VALUES ('c:p', 'spl_p', 1, 1, '');
      INSERT INTO state.change VALUES (1000001, 'api', 'p', 1), (1000002, 'api', 'p', 2)`);
    const state = createPostgresState({ connectionString: database.url });
    await state.purge();
    await state.close();
    const left = await owner.query(`
      SELECT (SELECT array_agg(node ORDER BY node) FROM state.counter WHERE tag = 'c:p') AS counters,
        (SELECT array_agg(name) FROM state.rate_window WHERE tag = 'c:p') AS windows,
        (SELECT count(*)::int FROM state.seat WHERE spool_id = 'spl_p') AS seats,
        (SELECT count(*)::int FROM state.spool WHERE spool_id = 'spl_p') AS spools,
        (SELECT array_agg(version::int) FROM state.change WHERE id = 'p') AS changes`);
    expect(left.rows).toEqual([{ counters: ['ever', 'held'], windows: ['new'], seats: 0, spools: 1, changes: [2] }]);
  });

  it('an unreachable store is StateUnavailable, and ping says so', async () => {
    const away = createPostgresState({ connectionString: 'postgresql://nobody@127.0.0.1:1/none', timeoutMs: 500 });
    expect(await away.ping()).toBe(false);
    await expect(away.counters.read('c:x')).rejects.toMatchObject({ name: 'StateUnavailable' });
    await away.close();
  });

  it('the listener is opened again after its connection broke, and wakes', async () => {
    const state = createPostgresState({ connectionString: database.url });
    try {
      let wakes = 0;
      await state.directory.onWake(() => {
        wakes += 1;
      });
      await owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'tollwright-wake' AND datname = current_database()`,
      );
      await expect.poll(() => wakes).toBe(1);
      await state.directory.putCustomer(customer(freshId('cus')), []);
      await expect.poll(() => wakes).toBe(2);
    } finally {
      await state.close();
    }
  });
});
