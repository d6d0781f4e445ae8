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
  /** Median over rounds of (this target's CPU / the bare proxy's CPU in the same round). */
  readonly ratioToBareProxy: number;
  /** Smallest and largest of those ratios. */
  readonly spread: readonly [number, number];
}

/** Latencies of one target at a rate that it can well serve, in milliseconds. */
export interface Latencies {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
}

export function rowOf(name: string, samples: readonly Sample[], baseline: readonly Sample[]): Row {
  const ratios = samples.map((sample, round) => sample.cpuMicros / (baseline[round]?.cpuMicros ?? Number.NaN));
  return {
    name,
    cpuMicrosPerRequest: median(samples.map((sample) => sample.cpuMicros)),
    requestsPerSecond: median(samples.map((sample) => sample.requestsPerSecond)),
    p50Ms: median(samples.map((sample) => sample.p50Ms)),
    p99Ms: median(samples.map((sample) => sample.p99Ms)),
    ratioToBareProxy: median(ratios),
    spread: [Math.min(...ratios), Math.max(...ratios)],
  };
}

export function latenciesRow(name: string, result: LoadResult): Latencies {
  const { p50Ms, p99Ms, firstByteP50Ms, firstByteP99Ms } = result;
  return { name, p50Ms, p99Ms, firstByteP50Ms, firstByteP99Ms };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The machine as the figures name it. */
export function machine() {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
}

export function printRows(rows: readonly Row[]): void {
  const { cpu, cores, node } = machine();
  const lines = rows.map((row) => {
    const spread = row.spread.map((value) => value.toFixed(2)).join('..');
    const figures = [row.cpuMicrosPerRequest.toFixed(1), row.requestsPerSecond.toFixed(0)];
    const latencies = [row.p50Ms.toFixed(2), row.p99Ms.toFixed(2)];
    return [row.name, ...figures, ...latencies, `${row.ratioToBareProxy.toFixed(2)} (${spread})`];
  });
  process.stdout.write(`\n${cpu}, ${cores} cores, Node ${node}; every connection always busy\n`);
  print([['target', 'CPU us/request', 'requests/s', 'p50 ms', 'p99 ms', 'x bare proxy (min..max)'], ...lines]);
}

export function printLatencies(latencies: readonly Latencies[]): void {
  const lines = latencies.map((one) => [
    one.name,
    ...[one.p50Ms, one.p99Ms, one.firstByteP50Ms, one.firstByteP99Ms].map((value) => value.toFixed(2)),
  ]);
  process.stdout.write('\nLatencies at a steady rate\n');
  print([['target', 'p50 ms', 'p99 ms', 'first byte p50 ms', 'first byte p99 ms'], ...lines]);
}

function print(table: readonly (readonly string[])[]): void {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  for (const line of table) {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    process.stdout.write(`${cells.join('  ')}\n`);
  }
}

/** Keeps the figures of a benchmark in `bench/results`, where they are committed. */
export function store(name: string, figures: object): void {
  const folder = resolve(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const rounded = JSON.stringify({ machine: machine(), ...figures }, round, 2);
  writeFileSync(join(folder, `${name}.json`), `${rounded}\n`);
}

function round(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}
