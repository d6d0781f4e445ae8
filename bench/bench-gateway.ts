import { CHAT_BODY, STREAM_BODY, VALIDATED_BODY } from './bodies.ts';
import type { Ends } from './ends.ts';
import { API_BASE, CHAT_PATH, STREAM_PATH, VALIDATED_PATH } from './fixture.ts';
import type { LoadResult } from './load.ts';
import { callsOf, type Load, measure, measureAtRate, type Target } from './measure.ts';
import { proveMetered } from './metered.ts';
import { proveRefusals, upstreamCalls } from './proof.ts';
import { type Latencies, latenciesRow, printLatencies, printRows, type Row, rowOf, store } from './report.ts';
import { startExpressGateway, startHandBuilt, startNginx, startPortkey } from './rivals.ts';
import { openStage, type Stage, startPeer, startTollwright, type Tollwright } from './stage.ts';

const CHAT: Load = {
  ...{ path: CHAT_PATH, body: CHAT_BODY, connections: 64 },
  ...{ rounds: 11, requests: 2000, warmUpRequests: 20_000 },
};
const RIVALS: Load = { ...CHAT, rounds: 5, warmUpRequests: 6000 };
const STREAM: Load = {
  ...{ path: STREAM_PATH, body: STREAM_BODY, connections: 16 },
  ...{ rounds: 9, requests: 100, warmUpRequests: 600 },
};
const VALIDATED: Load = {
  ...{ path: VALIDATED_PATH, body: VALIDATED_BODY, connections: 64 },
  ...{ rounds: 9, requests: 1000, warmUpRequests: 5000 },
};
const AT_RATE: Load = { ...CHAT, rounds: 3, requests: 2000, warmUpRequests: 0 };
const STREAM_AT_RATE: Load = { ...STREAM, rounds: 3, requests: 60, warmUpRequests: 0 };
const STREAMS_PER_SECOND = 10;
const BASELINE = 'bare Node + undici proxy';

/** Times the gateway with every policy on beside proxies and rivals, by turns, and proves what it timed. */
export async function benchGateway(ends: Ends): Promise<void> {
  const stage = await openStage(ends);
  const { upstream } = stage;
  const postgres = await startTollwright(stage, 'PostgreSQL');
  const redis = await startTollwright(stage, 'Redis');
  for (const { origin, keys } of [postgres, redis]) await proveRefusals(origin, upstream.origin, keys);
  process.stdout.write(
    'proved on the timed gateways: invalid-key, rate-limited, quota-exhausted, budget-exhausted, invalid-input; none forwarded\n',
  );

  const bare = await baselineOf(stage);
  const engine: Target = {
    name: 'own engine, no policies',
    ...(await startPeer(ends, 'engine.ts', upstreamEnv(stage))),
  };
  const own = [targetOf(postgres), targetOf(redis)];
  const direct: Target = { name: 'upstream direct', ...upstream };
  const chat = await tableOf(stage, CHAT, bare, [direct, await startNginx(stage), engine, ...own]);
  const rivals = [await startHandBuilt(stage), await startExpressGateway(stage), await startPortkey(stage)];
  const beside = await tableOf(stage, RIVALS, bare, rivals);
  const stream = await tableOf(stage, STREAM, bare, [engine, ...own]);
  const validated = await tableOf(stage, VALIDATED, bare, own);
  const half = Math.min(...chat.slice(-own.length).map(({ requestsPerSecond }) => requestsPerSecond)) / 2;
  const halfLoad = await latenciesOf(stage, AT_RATE, half, [direct, bare, ...own]);
  const firstByte = await latenciesOf(stage, STREAM_AT_RATE, STREAMS_PER_SECOND, [direct, bare, ...own]);

  const loads = [CHAT, STREAM, VALIDATED, AT_RATE, STREAM_AT_RATE];
  const calls = loads.reduce((sum, load) => sum + callsOf(load), 0);
  for (const { state } of [postgres, redis]) await proveMetered(state, calls);
  const rows = [
    ...[...chat, ...beside.slice(1)],
    ...[...named('SSE of 200 events', stream), ...named('16 KB validated', validated)],
  ];
  const latencies = [...named('half load', halfLoad), ...named(`SSE, ${STREAMS_PER_SECOND} a second`, firstByte)];
  printRows(rows);
  printLatencies(latencies);
  store('gateway', { rows, latencies });
}

function baselineOf(stage: Stage): Promise<Target> {
  return startPeer(stage.ends, 'bare-proxy.ts', upstreamEnv(stage)).then((peer) => ({ name: BASELINE, ...peer }));
}

function upstreamEnv({ upstream }: Stage): Record<string, string> {
  return { UPSTREAM_URL: upstream.origin };
}

function targetOf({ store: where, pid, origin, keys }: Tollwright): Target {
  const headers = { authorization: `Bearer ${keys.timed}` };
  return { name: `tollwright, all policies, ${where}`, pid, origin, base: API_BASE, headers };
}

/** Rows of the baseline and then the targets, all in one alternation; every call is found in the upstream's own count. */
async function tableOf(stage: Stage, load: Load, bare: Target, targets: readonly Target[]): Promise<Row[]> {
  const all = [bare, ...targets];
  const before = await upstreamCalls(stage.upstream.origin);
  const samples = await measure(stage.loader, all, load);
  await expectCalls(stage, before + all.length * callsOf(load));
  const [baseline = []] = samples;
  return all.map((target, index) => rowOf(target.name, samples[index] ?? [], baseline));
}

async function latenciesOf(
  stage: Stage,
  load: Load,
  perSecond: number,
  targets: readonly Target[],
): Promise<Latencies[]> {
  const before = await upstreamCalls(stage.upstream.origin);
  const results = await measureAtRate(stage.loader, targets, load, perSecond);
  await expectCalls(stage, before + targets.length * callsOf(load));
  return targets.map(({ name }, index) => latenciesRow(name, results[index] as LoadResult));
}

async function expectCalls({ upstream }: Stage, expected: number): Promise<void> {
  const counted = await upstreamCalls(upstream.origin);
  if (counted !== expected) throw new Error(`the upstream counted ${counted} calls, ${expected} were expected`);
}

function named<T extends { readonly name: string }>(prefix: string, rows: readonly T[]): T[] {
  return rows.map((row) => ({ ...row, name: `${prefix}: ${row.name}` }));
}
