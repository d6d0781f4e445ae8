import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import type { LoadResult } from './load.ts';

/** One target in one round. `cpuMicros` is the target process's CPU time per request. */
export interface Sample extends LoadResult {
  readonly cpuMicros: number;
  readonly requestsPerSecond: number;
}

/** This target's CPU over another's in the same round: the median over rounds, and the smallest and largest. */
export interface PairedRatio {
  readonly ratio: number;
  readonly spread: readonly [number, number];
}

export interface Row {
  readonly name: string;
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly ratioToBareProxy: number;
  readonly spread: readonly [number, number];
  /** Of the product's rows, as the two above. */
  readonly ratioToOwnEngine?: number;
  readonly spreadToOwnEngine?: readonly [number, number];
  /** Of the product's rows for the load that the rivals bear too. */
  readonly ratioToHandBuilt?: number;
  readonly spreadToHandBuilt?: readonly [number, number];
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
  const { ratio, spread } = pairedRatio(samples, baseline);
  return {
    name,
    cpuMicrosPerRequest: median(samples.map((sample) => sample.cpuMicros)),
    requestsPerSecond: median(samples.map((sample) => sample.requestsPerSecond)),
    p50Ms: median(samples.map((sample) => sample.p50Ms)),
    p99Ms: median(samples.map((sample) => sample.p99Ms)),
    ratioToBareProxy: ratio,
    spread,
  };
}

export function pairedRatio(samples: readonly Sample[], others: readonly Sample[]): PairedRatio {
  const ratios = samples.map((sample, round) => sample.cpuMicros / (others[round]?.cpuMicros ?? Number.NaN));
  return { ratio: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
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
    const figures = [row.cpuMicrosPerRequest.toFixed(1), row.requestsPerSecond.toFixed(0)];
    const latencies = [row.p50Ms.toFixed(2), row.p99Ms.toFixed(2)];
    const ratios = [
      ratioText(row.ratioToBareProxy, row.spread),
      ratioText(row.ratioToOwnEngine, row.spreadToOwnEngine),
      ratioText(row.ratioToHandBuilt, row.spreadToHandBuilt),
    ];
    return [row.name, ...figures, ...latencies, ...ratios];
  });
  process.stdout.write(`\n${cpu}, ${cores} cores, Node ${node}; every connection always busy\n`);
  const ratioTitles = ['x bare proxy (min..max)', 'x own engine', 'x built by hand'];
  print([['target', 'CPU us/request', 'requests/s', 'p50 ms', 'p99 ms', ...ratioTitles], ...lines]);
}

function ratioText(ratio?: number, spread: readonly number[] = []): string {
  return ratio === undefined ? '' : `${ratio.toFixed(2)} (${spread.map((value) => value.toFixed(2)).join('..')})`;
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
