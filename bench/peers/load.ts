import { Pool } from 'undici';
import type { LoadOrder, LoadResult } from '../load.ts';

// Drives one target with a fixed number of requests over keep-alive connections, in a process of its own.

/** Which of an order's keys is next. */
let turn = 0;

/** Collects what the requests of one order took. */
class Tally {
  readonly statuses: Record<string, number> = {};
  readonly wholeMs: number[] = [];
  readonly firstByteMs: number[] = [];

  result(seconds: number): LoadResult {
    const { statuses } = this;
    const whole = this.wholeMs.sort(ascending);
    const first = this.firstByteMs.sort(ascending);
    return {
      ...{ statuses, seconds, p50Ms: at(whole, 0.5), p99Ms: at(whole, 0.99) },
      ...{ firstByteP50Ms: at(first, 0.5), firstByteP99Ms: at(first, 0.99) },
    };
  }
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(order.origin, { connections: order.connections, pipelining: 1 });
  const tally = new Tally();
  turn = 0;
  const startedAt = performance.now();
  if (order.perSecond === null) await keepBusy(pool, order, tally);
  else await keepPace(pool, order, order.perSecond, tally);
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return tally.result(seconds);
}

async function keepBusy(pool: Pool, order: LoadOrder, tally: Tally): Promise<void> {
  let left = order.requests;
  const lane = async () => {
    while (left > 0) {
      left--;
      await send(pool, order, tally);
    }
  };
  await Promise.all(Array.from({ length: order.connections }, lane));
}

/** What is due is sent once a millisecond: a loader that looked more often would take a core from what it measures. */
async function keepPace(pool: Pool, order: LoadOrder, perSecond: number, tally: Tally): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  while (running.length < order.requests) {
    const due = Math.min(order.requests, Math.ceil(((performance.now() - startedAt) * perSecond) / 1000));
    while (running.length < due) running.push(send(pool, order, tally));
    await new Promise((wake) => setTimeout(wake, 1));
  }
  await Promise.all(running);
}

async function send(pool: Pool, order: LoadOrder, tally: Tally): Promise<void> {
  const sentAt = performance.now();
  const { path, body, keys } = order;
  const key = keys?.[turn++ % keys.length];
  const headers = key === undefined ? order.headers : { ...order.headers, authorization: `Bearer ${key}` };
  const response = await pool.request({
    ...{ path, method: 'POST', body },
    headers: { 'content-type': 'application/json', ...headers },
  });
  let isFirst = true;
  for await (const _ of response.body) {
    if (isFirst) tally.firstByteMs.push(performance.now() - sentAt);
    isFirst = false;
  }
  tally.wholeMs.push(performance.now() - sentAt);
  tally.statuses[response.statusCode] = (tally.statuses[response.statusCode] ?? 0) + 1;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
