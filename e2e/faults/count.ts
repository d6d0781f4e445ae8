import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamCall } from '@tollwright/testing';
import { queryOnce } from '@tollwright/testing';
import type { Counted } from './scenario.ts';
import type { Stage } from './stage.ts';
import { type PlanKey, priceOf } from './tenant.ts';

const SETTLE_MS_MAX = 60_000;
/** So long nothing may change before what is missing is given up: a takeover looks around once a second. */
const QUIET_MS = 8_000;

/** What three witnesses say of one account, none of them a gateway: the upstream's log, rows in Postgres, the store's counters. */
export interface Counts {
  upstreamCalls: number;
  upstreamRequestIds: number;
  upstreamNanoUsd: number;
  events: number;
  eventRequestIds: number;
  /** Calls by the roll-ups, which count what ingestion took for new. */
  rolledUpCalls: number;
  chargedNanoUsd: number;
  shortfallNanoUsd: number;
  rejectedItems: number;
  storeSpentNanoUsd: number;
  storeHeldNanoUsd: number;
  storeHolds: number;
}

/** The three figures that have to be 0, and what they were worked out from. */
export interface Figures {
  readonly overspendNanoUsd: number;
  readonly lostEvents: number;
  readonly doubleEvents: number;
  readonly counts: Counts;
  /** Equations between the witnesses that do not hold. */
  readonly failures: readonly string[];
}

interface Witness {
  readonly counted: Counted;
  readonly calls: readonly UpstreamCall[];
  readonly events: ReadonlyMap<string, Recorded>;
  readonly counts: Counts;
}

/** What the events of one request id say, by their rows. */
interface Recorded {
  readonly events: number;
  /** Whether the gateway saw how the call ended, and that it ended well. */
  readonly whole: boolean;
  readonly ratedNanoUsd: bigint;
}

/** Waits until every forwarded call has its event and nothing is held, or nothing changes any more; then counts. */
export async function countAll(stage: Stage, counted: readonly Counted[]): Promise<Figures> {
  const deadline = Date.now() + SETTLE_MS_MAX;
  let before = '';
  let changedAt = Date.now();
  for (;;) {
    const witnesses = await Promise.all(counted.map((one) => hear(stage, one)));
    const figures = figuresOf(witnesses);
    if (figures.lostEvents === 0 && figures.counts.storeHolds === 0 && figures.failures.length === 0) return figures;
    const now = JSON.stringify(figures);
    if (now !== before) changedAt = Date.now();
    before = now;
    if (Date.now() > deadline || Date.now() - changedAt > QUIET_MS) return figures;
    await sleep(150);
  }
}

/** What is stored of the calls of one request id. */
interface Row {
  readonly request_id: string;
  readonly events: string;
  readonly whole: boolean;
  readonly charged: string;
  readonly shortfall: string;
}

async function hear(stage: Stage, counted: Counted): Promise<Witness> {
  const { customerId, node, plan } = counted.account;
  const calls = stage.upstream.log.calls(null).filter(({ headers }) => headers['x-account'] === customerId);
  const tag = `c:${customerId}`;
  const [found, rejects, counters, holds] = await Promise.all([
    // Events and roll-ups are compared: one statement sees both at one moment.
    queryOnce<Row & { rolled_up: string }>(
      stage.database.url,
      `SELECT r.rolled_up, e.* FROM
         (SELECT coalesce(sum(calls), 0) AS rolled_up FROM usage_rollup WHERE customer_id = $1) AS r LEFT JOIN
         (SELECT request_id, count(*) AS events, bool_and(decision = 'forwarded' AND status = 200) AS whole,
            sum(charged_nano_usd) AS charged, sum(shortfall_nano_usd) AS shortfall
          FROM usage_event WHERE customer_id = $1 GROUP BY 1) AS e ON true`,
      [customerId],
    ),
    queryOnce<{ n: string }>(stage.database.url, 'SELECT count(*) AS n FROM inbox_reject'),
    stage.state.counters.read(tag).catch(() => []),
    stage.state.counters.holds({ tag }).catch(() => []),
  ]);
  const rows = found.filter(({ events }) => events !== null);
  const counter = counters.find((one) => one.node === node);
  const sum = (values: readonly bigint[]) => Number(values.reduce((total, value) => total + value, 0n));
  const counts: Counts = {
    upstreamCalls: calls.length,
    upstreamRequestIds: new Set(calls.map((call) => call.requestId)).size,
    upstreamNanoUsd: sum(calls.map((call) => priceOf(plan, call))),
    events: sum(rows.map((row) => BigInt(row.events))),
    eventRequestIds: rows.length,
    rolledUpCalls: Number(found[0]?.rolled_up ?? 0),
    chargedNanoUsd: sum(rows.map((row) => BigInt(row.charged))),
    shortfallNanoUsd: sum(rows.map((row) => BigInt(row.shortfall))),
    rejectedItems: Number(rejects[0]?.n ?? 0),
    storeSpentNanoUsd: Number(counter?.spent ?? 0n),
    storeHeldNanoUsd: Number(counter?.held ?? 0n),
    storeHolds: holds.length,
  };
  const events = rows.map(({ request_id: id, whole, ...row }) => {
    return [
      id,
      { whole, events: Number(row.events), ratedNanoUsd: BigInt(row.charged) + BigInt(row.shortfall) },
    ] as const;
  });
  return { counted, calls, counts, events: new Map(events) };
}

function figuresOf(witnesses: readonly Witness[]): Figures {
  const total: Record<string, number> = {};
  const figures = { overspendNanoUsd: 0, lostEvents: 0, doubleEvents: 0 };
  const failures: string[] = [];
  for (const { counted, calls, events, counts } of witnesses) {
    for (const [name, value] of Object.entries(counts)) total[name] = (total[name] ?? 0) + value;
    const limit = Number(counted.limitNanoUsd ?? counted.account.limitNanoUsd);
    const spent = [counts.chargedNanoUsd, counts.storeSpentNanoUsd + counts.storeHeldNanoUsd];
    if (counted.upstreamBound ?? true) spent.push(counts.upstreamNanoUsd);
    figures.overspendNanoUsd += Math.max(0, ...spent.map((value) => value - limit));
    const forwarded = new Set(calls.map((call) => call.requestId ?? ''));
    figures.lostEvents += [...forwarded].filter((id) => !events.has(id)).length;
    const twice = [
      counts.events - events.size,
      counts.upstreamCalls - forwarded.size,
      counts.rolledUpCalls - counts.events,
    ];
    figures.doubleEvents += Math.max(0, ...twice);
    if (counts.storeSpentNanoUsd !== counts.chargedNanoUsd) {
      failures.push(`the store says ${counts.storeSpentNanoUsd} was spent, the events ${counts.chargedNanoUsd}`);
    }
    const mispriced = mispricedOf(counted.account.plan, calls, events);
    if (mispriced > 0) failures.push(`${mispriced} whole calls have an event of another price than the upstream's log`);
    if (counts.storeHolds > 0) failures.push(`${counts.storeHolds} holds are left`);
    if (counts.rejectedItems > 0) failures.push(`${counts.rejectedItems} items were rejected`);
  }
  return { ...figures, counts: total as unknown as Counts, failures };
}

/** Calls that both sides saw to their end, and that cost something else by their event than by the upstream's own log. */
function mispricedOf(plan: PlanKey, calls: readonly UpstreamCall[], events: Witness['events']): number {
  return calls.filter((call) => {
    const event = events.get(call.requestId ?? '');
    if (call.outcome !== 'answered' || event === undefined || !event.whole || event.events > 1) return false;
    return event.ratedNanoUsd !== priceOf(plan, call);
  }).length;
}
