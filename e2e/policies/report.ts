import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Played, Statuses } from './scenario.ts';

/** Writes `[{policy, scenario, statuses, upstreamCalls}]`; a scenario that failed says why in `failure`. */
export function writeReport(file: string, played: readonly Played[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const lines = played.map(({ policy, scenario, statuses, upstreamCalls, failure }) => {
    return { policy, scenario, statuses, upstreamCalls, ...(failure === null ? {} : { failure }) };
  });
  writeFileSync(file, `${JSON.stringify(lines, null, 2)}\n`);
}

/** A line of the table. */
export function lineOf({ policy, scenario, statuses, upstreamCalls, durationMs, failure }: Played): string {
  const seconds = (durationMs / 1_000).toFixed(1);
  const head = `${failure === null ? 'ok  ' : 'FAIL'} ${policy.padEnd(19)}${textOf(statuses).padEnd(28)}`;
  const line = `${head}upstream ${String(upstreamCalls).padStart(4)}  ${seconds.padStart(5)} s  ${scenario}`;
  return failure === null ? line : `${line}\n     ${failure.replaceAll('\n', '\n     ')}`;
}

export function textOf(statuses: Statuses): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${status} x ${count}`)
    .join(', ');
}
