import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresState, migrateState } from '@tollwright/state';
import { startPostgres } from '@tollwright/testing';
import { API_PATH, publishFixture } from './fixture.ts';
import { startGateway } from './gateway.ts';
import { type LoadOrder, sendLoad } from './load.ts';
import { cpuSeconds, freePort, startChild } from './process.ts';
import { proveRefusals, upstreamCalls } from './proof.ts';
import { report, rowOf, type Sample } from './report.ts';

const ROUNDS = 7;
const REQUESTS = 6000;
const WARM_UP_REQUESTS = 4000;
const CONNECTIONS = 64;

const file = (name: string) => join(import.meta.dirname, 'peers', name);
const folder = mkdtempSync(join(tmpdir(), 'tollwright-bench-'));
// PostgreSQL runs as a user of its own and has to pass through.
chmodSync(folder, 0o755);
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];

try {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  ends.push(() => postgres.destroy());
  await migrateState(postgres.url);
  const state = createPostgresState({ connectionString: postgres.url, poolMax: 4 });
  ends.push(() => state.close());

  const upstreamUrl = `http://127.0.0.1:${await freePort()}`;
  const upstream = await startChild(file('bench-upstream.ts'), { PORT: new URL(upstreamUrl).port });
  ends.push(() => upstream.kill());
  const bareUrl = `http://127.0.0.1:${await freePort()}`;
  const bare = await startChild(file('bare-proxy.ts'), { PORT: new URL(bareUrl).port, UPSTREAM_URL: upstreamUrl });
  ends.push(() => bare.kill());
  const loader = await startChild(file('load.ts'), {});
  ends.push(() => loader.kill());
  const keys = await publishFixture(state, upstreamUrl);
  const gateway = await startGateway({ folder, stateDatabaseUrl: postgres.url, upstreamUrl });
  ends.push(() => gateway.process.kill());

  await proveRefusals(gateway.url, upstreamUrl, keys);
  process.stdout.write(
    'proved on the timed gateway: invalid-key, rate-limited, quota-exhausted, budget-exhausted; none forwarded\n',
  );

  const targets = [
    { name: 'upstream direct', pid: upstream.pid ?? 0, origin: upstreamUrl, headers: {} },
    { name: 'bare Node + undici proxy', pid: bare.pid ?? 0, origin: bareUrl, headers: {} },
    {
      name: 'tollwright, all policies',
      pid: gateway.process.pid ?? 0,
      origin: gateway.url,
      headers: { authorization: `Bearer ${keys.timed}` },
    },
  ];
  const samples = targets.map((): Sample[] => []);
  const forwardedBefore = await upstreamCalls(upstreamUrl);
  for (let round = -1; round < ROUNDS; round++) {
    const requests = round < 0 ? WARM_UP_REQUESTS : REQUESTS;
    for (const [index, target] of targets.entries()) {
      const order: LoadOrder = {
        origin: target.origin,
        path: API_PATH,
        headers: target.headers,
        connections: CONNECTIONS,
        requests,
      };
      const before = cpuSeconds(target.pid);
      const result = await sendLoad(loader, order);
      const cpuMicros = ((cpuSeconds(target.pid) - before) * 1e6) / requests;
      if (result.statuses[200] !== requests)
        throw new Error(`${target.name}: not all answers were 200: ${JSON.stringify(result.statuses)}`);
      if (round >= 0) samples[index]?.push({ ...result, cpuMicros, requestsPerSecond: requests / result.seconds });
    }
  }
  const expected = targets.length * (ROUNDS * REQUESTS + WARM_UP_REQUESTS);
  const forwarded = (await upstreamCalls(upstreamUrl)) - forwardedBefore;
  if (forwarded !== expected) throw new Error(`the upstream counted ${forwarded} calls, ${expected} were sent`);
  await proveMetered(ROUNDS * REQUESTS + WARM_UP_REQUESTS);

  const [direct = [], baseline = [], tollwright = []] = samples;
  report('gateway', [
    rowOf('upstream direct', direct, null),
    rowOf('bare Node + undici proxy', baseline, baseline),
    rowOf('tollwright, all policies', tollwright, baseline),
  ]);

  /** Every timed call was metered once, was charged its price, and holds nothing. */
  async function proveMetered(calls: number): Promise<void> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const events = await countEvents();
      const counter = (await state.counters.read('c:cus_timed')).find(({ node }) => node === 'budget:agt_timed');
      const price = 610_000n;
      if (events === calls && counter?.held === 0n && counter.spent === price * BigInt(calls)) {
        process.stdout.write(
          `metered: ${events} events for ${calls} calls; budget spent ${counter.spent} = ${calls} x ${price} nano-USD; held 0\n`,
        );
        return;
      }
      if (Date.now() > deadline)
        throw new Error(`${events} events for ${calls} calls; counter ${counter?.spent} spent, ${counter?.held} held`);
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }

  async function countEvents(): Promise<number> {
    const seen = new Set<string>();
    for (const spoolId of await state.inbox.pending()) {
      let after = 0;
      for (;;) {
        const items = await state.inbox.read(spoolId, after, 5000);
        for (const { sequence, item } of items) {
          after = sequence;
          if (item?.kind === 'usage' && item.event.customerId === 'cus_timed') seen.add(item.event.eventId);
        }
        if (items.length < 5000) break;
      }
    }
    return seen.size;
  }
} finally {
  for (const end of ends.reverse()) await end();
}
