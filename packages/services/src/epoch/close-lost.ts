import { periodAt } from '@tollwright/core';
import type { ServiceContext } from '../context.ts';
import { noteSilentClosed, storeSilent } from '../incident/store-silent.ts';
import { lowWatermark } from '../watermark/low-watermark.ts';
import { noteReports } from '../watermark/note-reports.ts';
import { writeOffSpool } from './write-off.ts';

const DAY_MS = 86_400_000;
/** So long a silent gateway is waited for: until people are told, and after the end of its period. */
const PATIENCE_MS = 3 * DAY_MS;

export interface ClosedLost {
  /** Silent for more than 72 hours. */
  readonly silent: readonly string[];
  /** Those that were closed now. */
  readonly closed: readonly string[];
}

/**
 * Closes gateways that will not come back, 72 hours after the end of the month (the longest calendar period) in which they
 * were last heard of, as an operator would (writeOffSpool); tells providers of those that are silent for 72 hours. For the
 * worker's database role.
 */
export async function closeLostSpools(ctx: ServiceContext): Promise<ClosedLost> {
  await noteReports(ctx);
  const surveyed = await lowWatermark(ctx);
  if (surveyed === null) return { silent: [], closed: [] };
  const { lookedMs } = surveyed;
  const silent = surveyed.silent.filter(({ seenMs }) => lookedMs - seenMs > PATIENCE_MS);
  await storeSilent(ctx, silent);
  const closed: string[] = [];
  for (const { spoolId, seenMs } of silent) {
    if (lookedMs < closesAtMs(seenMs)) continue;
    try {
      if ((await writeOffSpool(ctx, spoolId)).kind !== 'closed') continue;
      await noteSilentClosed(ctx, spoolId);
      closed.push(spoolId);
    } catch (error) {
      ctx.onError(`close the lost gateway ${spoolId}`, error);
    }
  }
  return { silent: silent.map(({ spoolId }) => spoolId), closed };
}

/** When a gateway that was last heard of at this moment is closed. */
export function closesAtMs(seenMs: number): number {
  const { endsAtMs } = periodAt('month', seenMs);
  if (endsAtMs === null) throw new Error('a month has an end');
  return endsAtMs + PATIENCE_MS;
}
