import { withTenant } from '@tollwright/db';
import type { ServiceContext } from '../context.ts';
import { type LowWatermark, leastOf, type OpenSpool, type Survey } from './progress.ts';

/** The survey so far with every gateway that is registered and not closed; null before the first one. */
export interface Surveyed extends LowWatermark {
  /** The store's clock when its spools were last looked at. */
  readonly lookedMs: number;
}

/**
 * The moment before which every call's outcome is in Postgres: the least over all gateways that are registered and not closed,
 * by the store's clock. What ends a period (its close, an invoice, expiry, rollover) waits until this has passed the period's
 * end. A gateway that is silent keeps it where it was, and is named; the worker closes it 72 hours after the end of the month
 * in which it was last heard of (closeLostSpools). Null before the worker has looked once. For the worker's database role.
 */
export function lowWatermark(ctx: Pick<ServiceContext, 'db'>): Promise<Surveyed | null> {
  return withTenant(ctx.db, { providerId: '', customerId: '*' }, async (tx) => {
    const [row] = await tx.spoolSurvey.findMany();
    if (row === undefined) return null;
    const survey: Survey = {
      sinceMs: row.sinceAt.getTime(),
      lookedMs: row.lookedAt.getTime(),
      notedMs: row.notedAt?.getTime() ?? null,
    };
    const spools = await tx.$queryRaw<{ spool_id: string; low_at: Date; seen_at: Date }[]>`
      SELECT spool_id, coalesce(r.low_at, w.registered_at) AS low_at,
        greatest(r.reported_at, r.first_at, w.registered_at) AS seen_at
      FROM spool_watermark AS w FULL JOIN spool_report AS r USING (spool_id)
      WHERE w.closed_at IS NULL AND (r.spool_id IS NOT NULL OR w.registered_at IS NOT NULL)`;
    const open = spools.map(
      (spool): OpenSpool => ({
        spoolId: spool.spool_id,
        lowMs: spool.low_at.getTime(),
        seenMs: spool.seen_at.getTime(),
      }),
    );
    return { ...leastOf(survey, open), lookedMs: survey.lookedMs };
  });
}
