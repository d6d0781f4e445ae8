import { withTenant } from '@tollwright/db';
import type { Rejoin } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { publishAll } from '../publish/publish-all.ts';
import { restoreCounters } from './restore-counters.ts';
import { restorePayments } from './restore-payments.ts';
import { knownSpools, newestEpoch, noteSpools } from './spool-registry.ts';

/** `waiting`: these gateways have not said what they hold, or what they said is not in Postgres yet. */
export type EpochKept =
  | { readonly kind: 'open'; readonly epoch: number }
  | { readonly kind: 'waiting'; readonly epoch: number; readonly waitingFor: readonly string[] }
  | { readonly kind: 'opened'; readonly epoch: number; readonly tags: number; readonly claims: number };

type Context = Pick<ServiceContext, 'db' | 'state' | 'onError' | 'clock'>;

/**
 * Looks after the store's epoch, again and again: notes the gateways in Postgres while it is open; raises it when the store
 * is not the one it was; once every gateway that Postgres or the store knows has rejoined or was closed, restores counters
 * and payments and opens it. For the worker's database role. Harmless when repeated, or at two workers at once.
 */
export async function keepEpoch(ctx: ServiceContext): Promise<EpochKept> {
  const now = await ctx.state.epochs.survey();
  await noteSpools(ctx, now.epoch);
  if (now.kind === 'open') return { kind: 'open', epoch: now.epoch };
  const { epoch, kind } =
    now.kind === 'closed' ? now : await ctx.state.epochs.raise(Math.max(now.epoch, await newestEpoch(ctx)), now.reason);
  if (kind !== 'closed') return { kind: 'waiting', epoch, waitingFor: [] };
  const reports = await ctx.state.epochs.reports(epoch);
  const waitingFor = await missing(ctx, reports);
  if (waitingFor.length > 0) return { kind: 'waiting', epoch, waitingFor };
  await publishAll(ctx);
  const tags = await restoreCounters(
    ctx,
    epoch,
    reports.flatMap((report) => report.holds),
  );
  const claims = await restorePayments(
    ctx,
    epoch,
    reports.flatMap((report) => report.claims),
  );
  const opened = await ctx.state.epochs.open(epoch);
  if (opened.kind !== 'open' || opened.epoch !== epoch) return { kind: 'waiting', epoch: opened.epoch, waitingFor: [] };
  return { kind: 'opened', epoch, tags, claims };
}

/** Tells the store how far each spool is committed, so that what it lost can be sent again; names who is not done. */
async function missing(ctx: Context, reports: readonly Rejoin[]): Promise<string[]> {
  const reported = new Map(reports.map((report) => [report.spoolId, report.sequence]));
  const spools = await withTenant(ctx.db, { providerId: '', customerId: '*' }, knownSpools);
  const waitingFor: string[] = [];
  for (const { spoolId, sequence } of spools) {
    await ctx.state.inbox.acknowledge(spoolId, sequence);
    const wanted = reported.get(spoolId);
    if (wanted === undefined || sequence < wanted) waitingFor.push(spoolId);
  }
  return waitingFor.sort();
}
