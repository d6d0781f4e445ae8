import { type Tx, withTenant } from '@tollwright/db';
import type { RegisteredSpool } from '@tollwright/state';
import type { ServiceContext } from '../context.ts';
import { advance, type SpoolProgress } from './progress.ts';

const SURVEY = 'state';
/** Looks that are further apart than this leave a gap, in which gateways may have reported to nobody. */
const GAP_MS = 60_000;

/**
 * Writes down how far each gateway has come, again and again. A store that was lost is not looked at; one that is being
 * rebuilt may not know every gateway, so that its list bounds nothing. For the worker's database role.
 */
export async function noteReports(ctx: Pick<ServiceContext, 'db' | 'state'>): Promise<void> {
  const { state } = ctx;
  const nowMs = await state.nowMs();
  const spools = (await state.spools.list()).filter(({ closedAtMs }) => closedAtMs === null);
  // After the list: a store that was emptied in between is not open any more.
  const { kind } = await state.epochs.current();
  if (kind === 'lost') return;
  await withTenant(ctx.db, { providerId: '', customerId: '*' }, async (tx) => {
    const known = await readKnown(tx);
    for (const spool of spools) await noteOne(tx, spool, known.get(spool.spoolId) ?? null, new Date(nowMs));
    await tx.$executeRaw`DELETE FROM spool_report AS r USING spool_watermark AS w
      WHERE w.spool_id = r.spool_id AND w.closed_at IS NOT NULL`;
    await noteSurvey(tx, new Date(nowMs), kind === 'open');
  });
}

interface Known {
  readonly committed: number;
  /** Null: it has not reported yet. */
  readonly progress: SpoolProgress | null;
}

async function readKnown(tx: Tx): Promise<Map<string, Known>> {
  const watermarks = await tx.spoolWatermark.findMany({ where: { closedAt: null } });
  const reports = new Map((await tx.spoolReport.findMany()).map((row) => [row.spoolId, row]));
  return new Map(
    watermarks.map(({ spoolId, sequence }) => {
      const row = reports.get(spoolId);
      return [spoolId, { committed: Number(sequence), progress: row === undefined ? null : toProgress(row) }];
    }),
  );
}

function toProgress(row: { lowAt: Date; pendingSequence: bigint | null; pendingSince: Date | null }): SpoolProgress {
  const { lowAt, pendingSequence, pendingSince } = row;
  const pending =
    pendingSequence === null || pendingSince === null
      ? null
      : { sequence: Number(pendingSequence), sinceMs: pendingSince.getTime() };
  return { lowMs: lowAt.getTime(), pending };
}

/** Nothing was reserved before a gateway registered. Two workers at once write what is true, each in its turn. */
async function noteOne(tx: Tx, spool: RegisteredSpool, known: Known | null, at: Date): Promise<void> {
  const before = known?.progress ?? { lowMs: spool.registeredAtMs, pending: null };
  const { lowMs, pending } = advance(before, known?.committed ?? 0, spool.report);
  const reportedAt = spool.report === null ? null : new Date(spool.report.atMs);
  const pendingSince = pending === null ? null : new Date(pending.sinceMs);
  await tx.$executeRaw`
    INSERT INTO spool_report AS r (spool_id, first_at, reported_at, low_at, pending_sequence, pending_since)
    VALUES (${spool.spoolId}, ${at}, ${reportedAt}, ${new Date(lowMs)}, ${pending?.sequence ?? null}, ${pendingSince})
    ON CONFLICT (spool_id) DO UPDATE SET reported_at = greatest(r.reported_at, excluded.reported_at),
      low_at = greatest(r.low_at, excluded.low_at), pending_sequence = excluded.pending_sequence,
      pending_since = excluded.pending_since`;
}

async function noteSurvey(tx: Tx, at: Date, isOpen: boolean): Promise<void> {
  const notedAt = isOpen ? at : null;
  const gapFrom = new Date(at.getTime() - GAP_MS);
  await tx.$executeRaw`
    INSERT INTO spool_survey AS s (id, since_at, looked_at, noted_at) VALUES (${SURVEY}, ${at}, ${at}, ${notedAt})
    ON CONFLICT (id) DO UPDATE SET
      since_at = CASE WHEN s.looked_at < ${gapFrom} THEN excluded.since_at ELSE s.since_at END,
      looked_at = greatest(s.looked_at, excluded.looked_at), noted_at = greatest(s.noted_at, excluded.noted_at)`;
}
