import type { LocalState } from '@tollwright/contracts';
import pg from 'pg';
import { eventually } from '../eventually.ts';
import { readLocal } from '../local.ts';
import type { ScenarioReport } from './report.ts';

const LANES = 16;
const TRAFFIC_BEFORE_KILL_MS = 1200;

/** Counts of one run. The first three come from the client, from Postgres and from Postgres; none from the gateway. */
interface GatewayKillFigures {
  /** Calls whose 200 and whole body the client received. */
  readonly completed: number;
  /** Of those, calls that have an event in Postgres. */
  readonly eventsInPostgres: number;
  /** Request ids with more than one event. */
  readonly duplicates: number;
  /** Request ids in the upstream's own log that have no event. */
  readonly forwardedWithoutEvent: number;
  /** Calls that a kill cut off, and those that found nobody listening until the next start. */
  readonly interrupted: number;
  readonly kills: number;
  readonly holdsLeft: number;
  /** Hard budgets of whoever called, and by how much their counters are above them. */
  readonly budgets: number;
  readonly overBudgetNanoUsd: number;
}

/** Attacks the whole product at `home`, which runs on the Postgres adapter. */
export async function gatewayKillReport(home: string, rounds: number): Promise<ScenarioReport> {
  const { completed, ...figures } = await gatewayKill(home, rounds);
  const lostEvents = Math.max(figures.forwardedWithoutEvent, completed - figures.eventsInPostgres);
  const why = [
    ...(lostEvents > 0 ? [`${lostEvents} forwarded calls have no event`] : []),
    ...(figures.duplicates > 0 ? [`${figures.duplicates} request ids have more than one event`] : []),
    ...(figures.holdsLeft > 0 ? [`${figures.holdsLeft} holds are left`] : []),
    ...(figures.overBudgetNanoUsd > 0 ? [`budgets are overspent by ${figures.overBudgetNanoUsd}`] : []),
    ...(figures.budgets > 0 ? [] : ['who called has no budget']),
    ...(completed > 0 && figures.kills === rounds ? [] : ['there was no traffic to kill']),
  ];
  return {
    ...{ name: 'gateway-kill', adapter: 'postgres', attempts: completed + figures.interrupted },
    ...{ overspendNanoUsd: figures.overBudgetNanoUsd, lostEvents, doubleEvents: figures.duplicates },
    ...{ counts: { completed, ...figures }, ok: why.length === 0, why },
  };
}

/** Kills the first gateway in mid-traffic, `rounds` times, and counts what became of every call. */
async function gatewayKill(home: string, rounds: number): Promise<GatewayKillFigures> {
  const local = readLocal(home);
  const target = local.gatewayUrls[0];
  const completed = new Set<string>();
  const traffic = { running: true, interrupted: 0 };
  const known = new Set(await upstreamRequestIds(local.upstreamStatsUrl));
  const lanes = Array.from({ length: LANES }, () =>
    drive(local.api.baseUrl.replace(local.gatewayUrl, target), local.agentKey, traffic, completed),
  );
  let kills = 0;
  for (let round = 0; round < rounds; round++) {
    await answering(target);
    const before = completed.size;
    await new Promise((wake) => setTimeout(wake, TRAFFIC_BEFORE_KILL_MS));
    await eventually('traffic before the kill', 20_000, async () => (completed.size > before ? true : null));
    const pid = gatewayPid(home, target);
    if (pid === null) throw new Error(`local.json names no process for ${target}`);
    process.kill(pid, 'SIGKILL');
    kills++;
    await eventually('the launcher starts the gateway again', 30_000, async () => {
      const next = gatewayPid(home, target);
      return next !== null && next !== pid ? true : null;
    });
  }
  await answering(target);
  traffic.running = false;
  await Promise.all(lanes);
  const counted = await count(local, known, completed);
  return { completed: completed.size, ...counted, interrupted: traffic.interrupted, kills };
}

async function drive(
  baseUrl: string,
  key: string,
  traffic: { running: boolean; interrupted: number },
  completed: Set<string>,
): Promise<void> {
  let call = 0;
  while (traffic.running) {
    const stream = call++ % 4 === 0;
    try {
      const response = await fetch(`${baseUrl}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-upstream-delay-ms': '30' },
        body: JSON.stringify({
          model: 'toll-small',
          stream,
          max_tokens: 3,
          messages: [{ role: 'user', content: 'hello' }],
        }),
      });
      await response.text();
      const requestId = response.headers.get('x-request-id');
      if (response.status === 200 && requestId) completed.add(requestId);
    } catch {
      traffic.interrupted++;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}

/** Null between a death and the next start. */
function gatewayPid(home: string, url: string): number | null {
  return readLocal(home).processes.find((process) => process.url === url)?.pid ?? null;
}

async function answering(url: string): Promise<void> {
  await eventually(`${url} answers`, 30_000, () =>
    fetch(`${url}/readyz`).then(
      (response) => (response.ok ? true : null),
      () => null,
    ),
  );
}

async function count(local: LocalState, known: ReadonlySet<string>, completed: ReadonlySet<string>) {
  const client = new pg.Client({ connectionString: local.databaseUrl });
  await client.connect();
  try {
    const forwarded = (await upstreamRequestIds(local.upstreamStatsUrl)).filter((id) => !known.has(id));
    const wanted = new Set([...completed, ...forwarded]);
    const events = async () => {
      const { rows } = await client.query<{ request_id: string; events: string }>(
        'SELECT request_id, count(*) AS events FROM usage_event WHERE request_id = ANY($1) GROUP BY request_id',
        [[...wanted]],
      );
      return new Map(rows.map((row) => [row.request_id, Number(row.events)]));
    };
    const holds = async () => Number((await client.query('SELECT count(*) AS n FROM state.hold')).rows[0]?.n);
    await eventually('events and holds are settled', 30_000, async () => {
      const found = await events();
      return [...wanted].every((id) => found.has(id)) && (await holds()) === 0 ? true : null;
    }).catch(() => null);
    const found = await events();
    return {
      eventsInPostgres: [...completed].filter((id) => found.has(id)).length,
      duplicates: [...found.values()].filter((events) => events > 1).length,
      forwardedWithoutEvent: forwarded.filter((id) => !found.has(id)).length,
      holdsLeft: await holds(),
      ...(await overBudget(client, [...wanted])),
    };
  } finally {
    await client.end();
  }
}

async function overBudget(client: pg.Client, requestIds: readonly string[]) {
  const { rows } = await client.query<{ budgets: string; over: string }>(
    `SELECT count(*) AS budgets, coalesce(sum(greatest(0, c.spent + c.held - b.limit_nano_usd)), 0) AS over
     FROM budget AS b JOIN state.counter AS c ON c.node = 'budget:' || b.id
     WHERE NOT b.soft AND b.subject_id IN
       (SELECT unnest(ARRAY[customer_id, agent_id, key_id]) FROM usage_event WHERE request_id = ANY($1))`,
    [requestIds],
  );
  return { budgets: Number(rows[0]?.budgets), overBudgetNanoUsd: Number(rows[0]?.over) };
}

async function upstreamRequestIds(statsUrl: string): Promise<string[]> {
  const stats = (await (await fetch(statsUrl)).json()) as { byRequestId: Record<string, unknown> };
  return Object.keys(stats.byRequestId).filter((id) => id !== '');
}
