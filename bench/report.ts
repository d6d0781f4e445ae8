import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadResult } from './load.ts';

/** One target in one round. `cpuMicros` is the target process's CPU time per request. */
export interface Sample extends LoadResult {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
}

export interface Row {
  readonly name: string;
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Median over rounds of (this target's CPU / the bare proxy's CPU in the same round); null for the upstream itself. */
  readonly ratioToBareProxy: number | null;
  /** Smallest and largest of those ratios. */
  readonly spread: readonly [number, number] | null;
}

export function rowOf(name: string, samples: readonly Sample[], baseline: readonly Sample[] | null): Row {
  const ratios = baseline
    ? samples.map((sample, round) => sample.cpuMicros / (baseline[round]?.cpuMicros ?? Number.NaN))
    : null;
  return {
    name,
    cpuMicrosPerRequest: median(samples.map((sample) => sample.cpuMicros)),
    requestsPerSecond: median(samples.map((sample) => sample.requestsPerSecond)),
    p50Ms: median(samples.map((sample) => sample.p50Ms)),
    p99Ms: median(samples.map((sample) => sample.p99Ms)),
    ratioToBareProxy: ratios ? median(ratios) : null,
    spread: ratios ? [Math.min(...ratios), Math.max(...ratios)] : null,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** Prints the table and keeps it in reports/bench. */
export function report(name: string, rows: readonly Row[]): void {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  process.stdout.write(`\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}\n`);
  process.stdout.write(
    'target                        CPU us/request  requests/s   p50 ms   p99 ms   x bare proxy (min..max)\n',
  );
  for (const row of rows) {
    const ratio =
      row.ratioToBareProxy === null
        ? ''
        : `${row.ratioToBareProxy.toFixed(2)} (${row.spread?.map((value) => value.toFixed(2)).join('..')})`;
    process.stdout.write(
      `${row.name.padEnd(30)}${row.cpuMicrosPerRequest.toFixed(1).padStart(14)}${row.requestsPerSecond.toFixed(0).padStart(12)}${row.p50Ms.toFixed(2).padStart(9)}${row.p99Ms.toFixed(2).padStart(9)}   ${ratio}\n`,
    );
  }
  const folder = resolve(import.meta.dirname, '../reports/bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}
