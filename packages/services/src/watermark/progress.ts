import type { SpoolReport } from '@tollwright/state';

/** A store whose clock is set back by no more than this names no period that was closed by then. */
export const CLOCK_SLACK_MS = 60_000;
/** A gateway reports once a second; one that has not for so long, while it was looked for all the time, is silent. */
export const SILENT_MS = 10 * 60_000;

/** How far a spool has come. `pending` counts once Postgres has its items up to that number. */
export interface SpoolProgress {
  /** Calls that reserved before are in Postgres. */
  readonly lowMs: number;
  readonly pending: SpoolReport | null;
}

/**
 * What a spool's newest report adds, when Postgres has its items up to `committed`. A report that waits is not replaced by a
 * newer one: under steady traffic none would ever be reached. `report` null: the store has none.
 */
export function advance(before: SpoolProgress, committed: number, report: SpoolReport | null): SpoolProgress {
  const { pending } = before;
  if (pending !== null && committed < pending.sequence) return before;
  const lowMs = pending === null ? before.lowMs : Math.max(before.lowMs, pending.sinceMs);
  if (report === null) return { lowMs, pending: null };
  if (committed < report.sequence) return { lowMs, pending: report };
  return { lowMs: Math.max(lowMs, report.sinceMs), pending: null };
}

/** When the worker looked for reports, by the store's clock: since when without a gap, last, and last under an open epoch. */
export interface Survey {
  readonly sinceMs: number;
  readonly lookedMs: number;
  readonly notedMs: number | null;
}

/** A gateway that is registered and not closed. `seenMs`: its newest report, or when it was first looked for. */
export interface OpenSpool {
  readonly spoolId: string;
  readonly lowMs: number;
  readonly seenMs: number;
}

export interface LowWatermark {
  /** Every call that reserved before this moment, by the store's clock, is in Postgres. Null: nobody has looked yet. */
  readonly atMs: number | null;
  /** Gateways that do not report, and keep `atMs` where they were; the longest silent first. */
  readonly silent: readonly { readonly spoolId: string; readonly seenMs: number }[];
}

/** The least of all spools, and never later than when the store's list of them was last read. */
export function leastOf(survey: Survey, spools: readonly OpenSpool[]): LowWatermark {
  const { sinceMs, lookedMs, notedMs } = survey;
  const silent = spools
    .filter(({ seenMs }) => lookedMs - Math.max(seenMs, sinceMs) > SILENT_MS)
    .map(({ spoolId, seenMs }) => ({ spoolId, seenMs }))
    .sort((a, b) => a.seenMs - b.seenMs || (a.spoolId < b.spoolId ? -1 : 1));
  if (notedMs === null) return { atMs: null, silent };
  const leastMs = spools.reduce((least, { lowMs }) => Math.min(least, lowMs), notedMs);
  return { atMs: leastMs - CLOCK_SLACK_MS, silent };
}
