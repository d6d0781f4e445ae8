import { CHAT_BODY, STREAM_BODY, VALIDATED_BODY } from './bodies.ts';
import { migrateControlPlane } from './control-plane.ts';
import type { Ends } from './ends.ts';
import { API_BASE, CHAT_PATH, STREAM_PATH, VALIDATED_PATH } from './fixture.ts';
import { callsOf, type Load, type Target } from './measure.ts';
import { proveMetered } from './metered.ts';
import { proveRefusals } from './proof.ts';
import { printLatencies, printRows, store } from './report.ts';
import { startExpressGateway, startHandBuilt, startNginx, startPortkey } from './rivals.ts';
import { openStage, type Stage, startPeer, startTollwright, type Tollwright } from './stage.ts';
import { rowsOf, timeLatencies, timeTable } from './table.ts';

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
  const chatTable = await timeTable(stage, CHAT, [bare, direct, await startNginx(stage), engine, ...own]);
  const handBuilt = await startHandBuilt(stage);
  const rivals = [handBuilt, await startExpressGateway(stage), await startPortkey(stage)];
  const besideTable = await timeTable(stage, RIVALS, [bare, ...own, ...rivals]);
  const streamTable = await timeTable(stage, STREAM, [bare, engine, ...own]);
  const validatedTable = await timeTable(stage, VALIDATED, [bare, engine, ...own]);

  const comparison = { bare, engine, handBuilt, own };
  const chat = rowsOf(chatTable, comparison, besideTable);
  const half = Math.min(...chat.slice(-own.length).map(({ requestsPerSecond }) => requestsPerSecond)) / 2;
  const halfLoad = await timeLatencies(stage, AT_RATE, half, [direct, bare, ...own]);
  const firstByte = await timeLatencies(stage, STREAM_AT_RATE, STREAMS_PER_SECOND, [direct, bare, ...own]);

  const loads = [CHAT, RIVALS, STREAM, VALIDATED, AT_RATE, STREAM_AT_RATE];
  const calls = loads.reduce((sum, load) => sum + callsOf(load), 0);
  const template = await migrateControlPlane(stage);
  for (const tollwright of [postgres, redis]) await proveMetered(stage, template, tollwright, calls);
  const rows = [
    ...[...chat, ...rowsOf(besideTable, comparison).slice(-rivals.length)],
    ...named('SSE of 200 events', rowsOf(streamTable, comparison)),
    ...named('16 KB validated', rowsOf(validatedTable, comparison)),
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

function named<T extends { readonly name: string }>(prefix: string, rows: readonly T[]): T[] {
  return rows.map((row) => ({ ...row, name: `${prefix}: ${row.name}` }));
}
