import type { ChildProcess } from 'node:child_process';
import { type LoadResult, sendLoad } from './load.ts';
import { cpuNanos } from './process.ts';
import { median, type Sample } from './report.ts';

/** After a round, until what it left to do is done and is counted too: settlements, events on their way to the inbox. */
const AFTERMATH_MS = 300;

/** A process that is timed. */
export interface Target {
  readonly name: string;
  readonly pid: number;
  readonly origin: string;
  /** Comes before the path of the load. */
  readonly base?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What all targets of a table are sent, by turns. */
export interface Load {
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly rounds: number;
  /** In a round, for each target. */
  readonly requests: number;
  /** As much as it takes until the compiler has nothing left to do. */
  readonly warmUpRequests: number;
}

/** Requests that each target of a load is sent in all. */
export function callsOf({ warmUpRequests, rounds, requests }: Load): number {
  return warmUpRequests + rounds * requests;
}

/** Sends every target the same load by turns, each connection busy. Answers the samples of each. */
export async function measure(loader: ChildProcess, targets: readonly Target[], load: Load): Promise<Sample[][]> {
  const samples = targets.map((): Sample[] => []);
  for (const target of targets) await sample(loader, target, load, load.warmUpRequests);
  for (let round = 0; round < load.rounds; round++) {
    for (const [index, target] of targets.entries()) {
      samples[index]?.push(await sample(loader, target, load, load.requests));
    }
  }
  return samples;
}

/** Latencies at a rate, medians over rounds by turns. */
export async function measureAtRate(
  loader: ChildProcess,
  targets: readonly Target[],
  load: Load,
  perSecond: number,
): Promise<LoadResult[]> {
  const results = targets.map((): LoadResult[] => []);
  for (let round = 0; round < load.rounds; round++) {
    for (const [index, target] of targets.entries()) {
      results[index]?.push(await send(loader, target, load, { requests: load.requests, perSecond }));
    }
  }
  return results.map((rounds) => {
    const middle = (of: (result: LoadResult) => number) => median(rounds.map(of));
    return {
      ...{ statuses: {}, seconds: middle((one) => one.seconds) },
      ...{ p50Ms: middle((one) => one.p50Ms), p99Ms: middle((one) => one.p99Ms) },
      ...{ firstByteP50Ms: middle((one) => one.firstByteP50Ms), firstByteP99Ms: middle((one) => one.firstByteP99Ms) },
    };
  });
}

async function sample(loader: ChildProcess, target: Target, load: Load, requests: number): Promise<Sample> {
  const before = cpuNanos(target.pid);
  const result = await send(loader, target, load, { requests, perSecond: null });
  await new Promise((wake) => setTimeout(wake, AFTERMATH_MS));
  const cpuMicros = Number(cpuNanos(target.pid) - before) / 1000 / requests;
  return { ...result, cpuMicros, requestsPerSecond: requests / result.seconds };
}

async function send(
  loader: ChildProcess,
  { name, origin, base = '', headers = {} }: Target,
  { path, body, connections }: Load,
  how: { readonly requests: number; readonly perSecond: number | null },
): Promise<LoadResult> {
  const result = await sendLoad(loader, { ...how, origin, path: `${base}${path}`, headers, body, connections });
  if (result.statuses[200] !== how.requests) {
    throw new Error(`${name}: not all answers were 200: ${JSON.stringify(result.statuses)}`);
  }
  return result;
}
