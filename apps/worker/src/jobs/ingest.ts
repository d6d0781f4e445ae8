import { ingestSpool, type ServiceContext } from '@tollwright/services';
import type { QueueSpec } from '../queue.ts';

/** Batches of one spool in one run: a long backlog then lets the other spools have their turn. */
const BATCHES_MAX = 20;

/**
 * Usage from the inbox to Postgres, twice a second. Spools are taken side by side: one that is blocked keeps a single slot
 * of `concurrency` and none of the others.
 */
export function ingestQueue(ctx: ServiceContext): QueueSpec {
  const underWay = new Set<string>();
  const run = async () => {
    const spools = (await ctx.state.inbox.pending()).filter((spoolId) => !underWay.has(spoolId));
    const results = await Promise.allSettled(
      spools.map(async (spoolId) => {
        underWay.add(spoolId);
        try {
          return await drain(ctx, spoolId);
        } finally {
          underWay.delete(spoolId);
        }
      }),
    );
    return summary(ctx, results);
  };
  return { name: 'ingest', concurrency: 4, jobs: [{ name: 'sweep', everyMs: 500, run }] };
}

interface Totals {
  events: number;
  duplicates: number;
  payments: number;
  transfers: number;
  rejected: number;
}

async function drain(ctx: ServiceContext, spoolId: string): Promise<Totals> {
  const totals: Totals = { events: 0, duplicates: 0, payments: 0, transfers: 0, rejected: 0 };
  for (let turn = 0; turn < BATCHES_MAX; turn += 1) {
    const done = await ingestSpool(ctx, spoolId);
    if (done.kind !== 'ingested') break;
    for (const name of Object.keys(totals) as (keyof Totals)[]) totals[name] += done[name];
    if (!done.more) break;
  }
  return totals;
}

function summary(ctx: ServiceContext, results: readonly PromiseSettledResult<Totals>[]) {
  const sum: Totals = { events: 0, duplicates: 0, payments: 0, transfers: 0, rejected: 0 };
  let failed = 0;
  for (const result of results) {
    if (result.status === 'rejected') {
      failed += 1;
      ctx.onError('ingest a spool', result.reason);
      continue;
    }
    for (const name of Object.keys(sum) as (keyof Totals)[]) sum[name] += result.value[name];
  }
  const moved = sum.events + sum.duplicates + sum.payments + sum.rejected;
  return moved + failed === 0 ? null : { spools: results.length, failed, ...sum };
}
