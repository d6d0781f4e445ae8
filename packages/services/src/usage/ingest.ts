import { type InboxItem, toJson } from '@tollwright/contracts';
import { isDataError, type Tx, withTenant } from '@tollwright/db';
import type { InboxEntry } from '@tollwright/state';
import { sendSoon } from '../change.ts';
import type { ServiceContext } from '../context.ts';
import { type IngestedCounts, ingestProvider } from './ingest-provider.ts';
import { enterProvider } from './tenant.ts';

const BATCH_ITEMS_MAX = 1_000;

export type Ingested =
  /** Another consumer has this spool now. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'idle'; readonly watermark: number }
  | (IngestedCounts & {
      readonly kind: 'ingested';
      readonly watermark: number;
      /** Items kept in inbox_reject because they could not be stored. */
      readonly rejected: number;
      /** There may be more to read. */
      readonly more: boolean;
    });

/** `due`: publications that are sent once their batch is committed. */
type IngestContext = ServiceContext & { readonly due: string[] };

/**
 * Moves a spool's next items from the inbox to the control plane: events, roll-ups, ledger, payments and the spool's
 * watermark commit together, then the inbox is told. Running it again, at any moment, by anyone, changes nothing twice.
 * An item that cannot be stored goes to inbox_reject and never blocks those behind it.
 */
export async function ingestSpool(
  ctx: ServiceContext,
  spoolId: string,
  options: { readonly itemsMax?: number } = {},
): Promise<Ingested> {
  const due: string[] = [];
  const done = await ingestUpTo({ ...ctx, due }, spoolId, options.itemsMax ?? BATCH_ITEMS_MAX);
  if (done.kind !== 'busy' && done.watermark > 0) await ctx.state.inbox.acknowledge(spoolId, done.watermark);
  await sendSoon(ctx, due);
  return done;
}

/** Halves a batch that the database refuses until the item alone is found. */
async function ingestUpTo(ctx: IngestContext, spoolId: string, itemsMax: number): Promise<Ingested> {
  try {
    return await ingestBatch(ctx, spoolId, itemsMax, null);
  } catch (error) {
    if (!isDataError(error) && !(error instanceof RangeError)) throw error;
    if (itemsMax > 1) return ingestUpTo(ctx, spoolId, Math.floor(itemsMax / 2));
    return ingestBatch(ctx, spoolId, 1, error instanceof Error ? error.message : String(error));
  }
}

/** One transaction. With `rejectReason` whatever it reads is rejected. */
function ingestBatch(
  ctx: IngestContext,
  spoolId: string,
  itemsMax: number,
  rejectReason: string | null,
): Promise<Ingested> {
  return withTenant(ctx.db, { providerId: '', customerId: '*' }, async (tx): Promise<Ingested> => {
    const from = await lockSpool(tx, spoolId);
    if (from === null) return { kind: 'busy' };
    const entries = withoutGap(await ctx.state.inbox.read(spoolId, from, itemsMax), from);
    const last = entries.at(-1);
    if (last === undefined) return { kind: 'idle', watermark: from };
    const batch = sortOut(entries, rejectReason);
    const counts = { events: 0, duplicates: 0, payments: 0, transfers: 0 };
    for (const [providerId, group] of [...batch.groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await enterProvider(tx, providerId);
      const added = await ingestProvider(tx, ctx, providerId, group);
      if (added === null) batch.rejects.push(...group.entries.map((entry) => rejectOf(entry, 'unknown provider')));
      ctx.due.push(...(added?.sent ?? []));
      for (const name of Object.keys(counts) as (keyof IngestedCounts)[]) counts[name] += added?.[name] ?? 0;
    }
    await keepRejects(ctx, tx, spoolId, batch.rejects);
    await tx.$executeRaw`UPDATE spool_watermark SET sequence = ${last.sequence}, committed_at = clock_timestamp()
      WHERE spool_id = ${spoolId}`;
    // Now rather than at COMMIT, so that a violation is told from a lost connection.
    await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
    const more = entries.length === itemsMax;
    return { kind: 'ingested', watermark: last.sequence, rejected: batch.rejects.length, more, ...counts };
  });
}

/** The spool's watermark, locked for this transaction; null when another consumer has it. */
async function lockSpool(tx: Tx, spoolId: string): Promise<number | null> {
  const [lock] = await tx.$queryRaw<{ taken: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`inbox:${spoolId}`}, 0)) AS taken`;
  if (lock?.taken !== true) return null;
  await tx.$executeRaw`INSERT INTO spool_watermark (spool_id, sequence) VALUES (${spoolId}, 0) ON CONFLICT DO NOTHING`;
  const [row] = await tx.$queryRaw<{ sequence: bigint }[]>`
    SELECT sequence FROM spool_watermark WHERE spool_id = ${spoolId} FOR UPDATE`;
  return Number(row?.sequence ?? 0n);
}

/** The watermark may not pass an item that has not arrived. */
function withoutGap(entries: readonly InboxEntry[], after: number): readonly InboxEntry[] {
  const gap = entries.findIndex((entry, index) => entry.sequence !== after + 1 + index);
  return gap === -1 ? entries : entries.slice(0, gap);
}

type GoodEntry = InboxEntry & { readonly item: InboxItem };
interface Group {
  readonly events: Extract<InboxItem, { kind: 'usage' }>['event'][];
  readonly payments: Extract<InboxItem, { kind: 'payment' }>['payment'][];
  readonly tallies: Extract<InboxItem, { kind: 'tally' }>['tally'][];
  readonly asks: Extract<InboxItem, { kind: 'approval-ask' }>['ask'][];
  readonly entries: GoodEntry[];
}
interface Reject {
  readonly sequence: number;
  readonly reason: string;
  readonly text: string;
}

function sortOut(entries: readonly InboxEntry[], rejectReason: string | null) {
  const groups = new Map<string, Group>();
  const rejects: Reject[] = [];
  for (const entry of entries) {
    if (entry.item === null) rejects.push({ sequence: entry.sequence, reason: entry.reason, text: entry.raw });
    else if (rejectReason !== null) rejects.push(rejectOf(entry, rejectReason));
    else addToGroup(groups, entry);
  }
  return { groups, rejects };
}

function addToGroup(groups: Map<string, Group>, entry: GoodEntry): void {
  const { item } = entry;
  const providerId = providerOf(item);
  const group = groups.get(providerId) ?? { events: [], payments: [], tallies: [], asks: [], entries: [] };
  groups.set(providerId, group);
  group.entries.push(entry);
  if (item.kind === 'usage') group.events.push(item.event);
  else if (item.kind === 'payment') group.payments.push(item.payment);
  else if (item.kind === 'tally') group.tallies.push(item.tally);
  else group.asks.push(item.ask);
}

function providerOf(item: InboxItem): string {
  switch (item.kind) {
    case 'usage':
      return item.event.providerId;
    case 'payment':
      return item.payment.providerId;
    case 'tally':
      return item.tally.providerId;
    case 'approval-ask':
      return item.ask.providerId;
  }
}

function rejectOf(entry: GoodEntry, reason: string): Reject {
  return { sequence: entry.sequence, reason, text: toJson(entry.item) };
}

async function keepRejects(ctx: IngestContext, tx: Tx, spoolId: string, rejects: readonly Reject[]): Promise<void> {
  for (const { sequence, reason, text } of rejects) {
    await tx.$executeRaw`INSERT INTO inbox_reject (spool_id, sequence, reason, item)
      VALUES (${spoolId}, ${sequence}, ${reason.replaceAll('\u0000', '').slice(0, 2_000)}, ${text})
      ON CONFLICT DO NOTHING`;
    ctx.onError(`ingest item ${sequence} of spool ${spoolId}, kept in inbox_reject`, new Error(reason));
  }
}
