import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPostgresState, migrateState } from '@tollwright/state';
import { startPostgres } from '@tollwright/testing';
import type { Ends } from './ends.ts';
import { publishFixture } from './fixture.ts';
import { startGateway } from './gateway.ts';
import { measure, type Target } from './measure.ts';
import { proveMetered } from './metered.ts';
import { freePort, startChild } from './process.ts';
import { proveRefusals, upstreamCalls } from './proof.ts';
import { report, rowOf } from './report.ts';

/** Times the gateway with every policy on, a bare proxy and the upstream alone, by turns, and proves what it timed. */
export async function benchGateway(ends: Ends): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tollwright-bench-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  // PostgreSQL runs as a user of its own and has to pass through.
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres') });
  ends.push(() => postgres.destroy());
  await migrateState(postgres.url);
  const state = createPostgresState({ connectionString: postgres.url, poolMax: 4 });
  ends.push(() => state.close());

  const upstream = await startPeer(ends, 'bench-upstream.ts', {});
  const bare = await startPeer(ends, 'bare-proxy.ts', { UPSTREAM_URL: upstream.origin });
  const loader = await startPeer(ends, 'load.ts', {});
  const keys = await publishFixture(state, upstream.origin);
  const gateway = await startGateway(ends, { folder, stateDatabaseUrl: postgres.url, upstreamUrl: upstream.origin });

  await proveRefusals(gateway.url, upstream.origin, keys);
  process.stdout.write(
    'proved on the timed gateway: invalid-key, rate-limited, quota-exhausted, budget-exhausted; none forwarded\n',
  );

  const targets: Target[] = [
    { name: 'upstream direct', pid: upstream.pid, origin: upstream.origin, headers: {} },
    { name: 'bare Node + undici proxy', pid: bare.pid, origin: bare.origin, headers: {} },
    {
      name: 'tollwright, all policies',
      pid: gateway.process.pid ?? 0,
      origin: gateway.url,
      headers: { authorization: `Bearer ${keys.timed}` },
    },
  ];
  const forwardedBefore = await upstreamCalls(upstream.origin);
  const { samples, calls } = await measure(loader.process, targets);
  const forwarded = (await upstreamCalls(upstream.origin)) - forwardedBefore;
  const sent = targets.length * calls;
  if (forwarded !== sent) throw new Error(`the upstream counted ${forwarded} calls, ${sent} were sent`);
  await proveMetered(state, calls);

  const bareSamples = samples[1] ?? [];
  report(
    'gateway',
    targets.map(({ name }, index) => rowOf(name, samples[index] ?? [], index === 0 ? null : bareSamples)),
  );
}

async function startPeer(ends: Ends, name: string, env: Record<string, string>) {
  const port = await freePort();
  const file = join(import.meta.dirname, 'peers', name);
  const child = await startChild(ends, file, { PORT: String(port), ...env });
  return { process: child, pid: child.pid ?? 0, origin: `http://127.0.0.1:${port}` };
}
