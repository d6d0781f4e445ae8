import { listProviders, type Tx, withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { addToRollups } from './rollup.ts';
import { enterProvider } from './tenant.ts';

/** Row count and sums of one derived table, by the name of the figure. */
export interface TableFigures {
  readonly table: 'usage_rollup' | 'meter_rollup';
  readonly figures: Readonly<Record<string, bigint>>;
}

export interface Rebuilt {
  readonly events: bigint;
  readonly before: readonly TableFigures[];
  readonly after: readonly TableFigures[];
}

const FIGURES = {
  usage_rollup: [
    'calls',
    'errors',
    'input_tokens',
    'output_tokens',
    'rated_nano_usd',
    'charged_nano_usd',
    'shortfall_nano_usd',
    'cost_nano_usd',
    'costed_calls',
    'costed_charged_nano_usd',
  ],
  meter_rollup: ['quantity'],
} as const;

const TIMEOUT_MS = 30 * 60_000;

/**
 * Empties every derived table and adds all events again, in one transaction that keeps ingestion waiting. Whoever reads
 * meanwhile sees the old rows; a failure changes nothing. For the worker's database role.
 */
export async function rebuildRollups(ctx: Pick<ServiceContext, 'db'>): Promise<Rebuilt> {
  const providers = await listProviders(ctx.db);
  return withTenant(
    ctx.db,
    { providerId: '', customerId: '*' },
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE usage_rollup, meter_rollup IN EXCLUSIVE MODE`;
      const before = await figuresOf(tx, providers);
      let events = 0n;
      for (const providerId of providers) {
        await enterProvider(tx, providerId);
        await tx.$executeRaw`DELETE FROM usage_rollup`;
        await tx.$executeRaw`DELETE FROM meter_rollup`;
        await addToRollups(tx, { kind: 'all' });
        const [row] = await tx.$queryRaw<{ events: bigint }[]>`SELECT count(*) AS events FROM usage_event`;
        events += row?.events ?? 0n;
      }
      return { events, before, after: await figuresOf(tx, providers) };
    },
    { timeoutMs: TIMEOUT_MS },
  );
}

/** True when no figure of any table changed. */
export function isUnchanged({ before, after }: Rebuilt): boolean {
  const text = (tables: readonly TableFigures[]) =>
    JSON.stringify(tables.map(({ table, figures }) => [table, Object.entries(figures).map(([k, v]) => `${k}=${v}`)]));
  return text(before) === text(after);
}

async function figuresOf(tx: Tx, providers: readonly string[]): Promise<TableFigures[]> {
  const tables: TableFigures[] = [];
  for (const table of ['usage_rollup', 'meter_rollup'] as const) {
    const columns = FIGURES[table];
    // Whole units: meters may hold fractions, which the checksum sees.
    const sums = columns.map((column) => `trunc(coalesce(sum(${column}), 0))::text AS ${column}`);
    // Equal rows in another distribution would have equal sums: the checksum tells them apart.
    const checksum = `coalesce(sum(hashtextextended(r::text, 0)::numeric), 0)::text AS checksum`;
    const totals: Record<string, bigint> = {};
    for (const providerId of providers) {
      await enterProvider(tx, providerId);
      const [row] = await tx.$queryRawUnsafe<Record<string, string>[]>(
        `SELECT count(*)::text AS rows, ${sums.join(', ')}, ${checksum} FROM ${table} r`,
      );
      for (const [name, value] of Object.entries(row ?? {})) totals[name] = (totals[name] ?? 0n) + BigInt(value);
    }
    tables.push({ table, figures: totals });
  }
  return tables;
}
