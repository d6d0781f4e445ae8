import type { LoadResult } from './load.ts';
import { callsOf, type Load, measure, measureAtRate, type Target } from './measure.ts';
import { upstreamCalls } from './proof.ts';
import { type Latencies, latenciesRow, pairedRatio, type Row, rowOf, type Sample } from './report.ts';
import type { Stage } from './stage.ts';

/** The targets of one alternation and their samples, round by round. */
export type Table = ReadonlyMap<Target, readonly Sample[]>;

/** Whom targets are compared with. */
export interface Comparison {
  readonly bare: Target;
  readonly engine: Target;
  readonly handBuilt: Target;
  /** The gateways with every policy on, which are compared with the last two as well. */
  readonly own: readonly Target[];
}

/** Sends every target the same load by turns; every call is found in the upstream's own count. */
export async function timeTable(stage: Stage, load: Load, targets: readonly Target[]): Promise<Table> {
  const before = await upstreamCalls(stage.upstream.origin);
  const samples = await measure(stage.loader, targets, load);
  await expectCalls(stage, before + targets.length * callsOf(load));
  return new Map(targets.map((target, index) => [target, samples[index] ?? []]));
}

/** The same at a steady rate. */
export async function timeLatencies(
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

/** A row for each target of a table, compared with those whom this table or `beside`, of the same load, has too. */
export function rowsOf(table: Table, { bare, engine, handBuilt, own }: Comparison, beside: Table = table): Row[] {
  return [...table].map(([target, samples]) => {
    const row = rowOf(target.name, samples, table.get(bare) ?? []);
    if (!own.includes(target)) return row;
    const toEngine = ratioIn(table, target, engine);
    const toHandBuilt = ratioIn(beside, target, handBuilt);
    return {
      ...row,
      ...(toEngine && { ratioToOwnEngine: toEngine.ratio, spreadToOwnEngine: toEngine.spread }),
      ...(toHandBuilt && { ratioToHandBuilt: toHandBuilt.ratio, spreadToHandBuilt: toHandBuilt.spread }),
    };
  });
}

/** Null where one of them is not in the table. */
function ratioIn(table: Table, target: Target, other: Target) {
  const samples = table.get(target);
  const others = table.get(other);
  return samples && others ? pairedRatio(samples, others) : null;
}

async function expectCalls({ upstream }: Stage, expected: number): Promise<void> {
  const counted = await upstreamCalls(upstream.origin);
  if (counted !== expected) throw new Error(`the upstream counted ${counted} calls, ${expected} were expected`);
}
