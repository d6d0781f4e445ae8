import { Pool } from 'undici';
import type { LoadOrder, LoadResult } from '../load.ts';

// Drives one target with a fixed number of requests over keep-alive connections, in a process of its own.
const body = JSON.stringify({
  model: 'bench-small',
  max_tokens: 400,
  messages: [{ role: 'user', content: 'x'.repeat(900) }],
});

async function run(order: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(order.origin, { connections: order.connections, pipelining: 1 });
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let left = order.requests;
  const startedAt = process.hrtime.bigint();
  const lane = async () => {
    while (left > 0) {
      left--;
      const sentAt = performance.now();
      const response = await pool.request({
        path: order.path,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...order.headers },
        body,
      });
      await response.body.dump();
      latenciesMs.push(performance.now() - sentAt);
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: order.connections }, lane));
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  await pool.close();
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
  return { statuses, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
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
