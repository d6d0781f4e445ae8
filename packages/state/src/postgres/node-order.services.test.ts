import { type FreshDatabase, freshDatabase } from '@tollwright/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, openCustomer, openSeat, reserveItem, settleItem } from '../contract/harness.ts';
import type { StatePort } from '../port.ts';
import { migrateState } from './migrate-state.ts';
import { createPostgresState } from './postgres-state.ts';

let database: FreshDatabase;
let first: StatePort;
let second: StatePort;

beforeAll(async () => {
  database = await freshDatabase();
  await migrateState(database.url);
  first = createPostgresState({ connectionString: database.url });
  second = createPostgresState({ connectionString: database.url });
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await database.drop();
});

async function analyze(): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('ANALYZE state.counter');
  await client.end();
}

it('batch: a new counter among known ones keeps its place, whatever join the planner takes', async () => {
  const customerId = await openCustomer(first);
  const known = await openSeat(first, customerId);
  const nodes = Array.from({ length: 8 }, (_, index) => ask(10n, 1_000n, `budget:known-${index}`));
  const item = reserveItem({ nodes });
  await known.send(item);
  await known.send(settleItem(item.callId, Object.fromEntries(nodes.map(({ node }) => [node, 1n]))));
  await analyze();
  const seat = await openSeat(second, customerId);
  const asked = [
    ask(5n, 500n, 'budget:known-3'),
    ask(6n, 600n, 'budget:new-1'),
    ask(7n, 700n, 'budget:known-7'),
    ask(8n, 800n, 'budget:new-2'),
    ask(9n, 900n, 'budget:known-1'),
  ];
  const call = reserveItem({ nodes: asked });
  const [reply] = await seat.send(call);
  expect(reply).toMatchObject({ kind: 'granted', nodes: asked.map(({ node, amount }) => ({ node, held: amount })) });
  await seat.send(settleItem(call.callId, Object.fromEntries(asked.map(({ node, amount }) => [node, amount]))));
  const counters = new Map((await first.counters.read(seat.tag)).map((counter) => [counter.node, counter]));
  for (const { node, amount, limit } of asked) {
    const before = node.startsWith('budget:known') ? 1n : 0n;
    expect(counters.get(node)).toMatchObject({ node, limit, spent: before + amount, held: 0n });
  }
});
