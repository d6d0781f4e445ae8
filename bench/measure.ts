import type { ChildProcess } from 'node:child_process';
import { API_PATH } from './fixture.ts';
import { sendLoad } from './load.ts';
import { cpuNanos } from './process.ts';
import type { Sample } from './report.ts';

const ROUNDS = 15;
const REQUESTS = 3000;
/** As much as it takes until the compiler has nothing left to do. */
const WARM_UP_REQUESTS = 15_000;
const CONNECTIONS = 64;
/** After a round, until what it left to do is done and is counted too: settlements, events on their way to the inbox. */
const AFTERMATH_MS = 300;

/** A process that is timed. */
export interface Target {
  readonly name: string;
  readonly pid: number;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends every target the same load by turns. Answers the samples of each, and how many calls each one served. */
export async function measure(
  loader: ChildProcess,
  targets: readonly Target[],
): Promise<{ readonly samples: readonly Sample[][]; readonly calls: number }> {
  const samples = targets.map((): Sample[] => []);
  for (const target of targets) await sample(loader, target, WARM_UP_REQUESTS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, target] of targets.entries()) samples[index]?.push(await sample(loader, target, REQUESTS));
  }
  return { samples, calls: WARM_UP_REQUESTS + ROUNDS * REQUESTS };
}

async function sample(loader: ChildProcess, target: Target, requests: number): Promise<Sample> {
  const { origin, headers } = target;
  const before = cpuNanos(target.pid);
  const result = await sendLoad(loader, { origin, path: API_PATH, headers, connections: CONNECTIONS, requests });
  await new Promise((wake) => setTimeout(wake, AFTERMATH_MS));
  const cpuMicros = Number(cpuNanos(target.pid) - before) / 1000 / requests;
  if (result.statuses[200] !== requests) {
    throw new Error(`${target.name}: not all answers were 200: ${JSON.stringify(result.statuses)}`);
  }
  return { ...result, cpuMicros, requestsPerSecond: requests / result.seconds };
}
