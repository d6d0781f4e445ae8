/** A billing cycle: `startsAtMs` <= moment < `endsAtMs`. */
export interface Cycle {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** How long an anchored cycle is. Months follow the calendar. */
export type CycleLength = 'hour' | 'day' | 'week' | 'month';

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/**
 * The cycle of an anchor that a moment falls in, before the anchor too. A month without the anchor's day ends its cycle on
 * its last day; the day of the anchor comes back in the next month that has it. In UTC, with the anchor's time of day.
 */
export function cycleAt(length: CycleLength, anchorAtMs: number, atMs: number): Cycle {
  if (length === 'month') return monthAt(new Date(anchorAtMs), atMs);
  const lengthMs = LENGTH_MS[length];
  const startsAtMs = anchorAtMs + Math.floor((atMs - anchorAtMs) / lengthMs) * lengthMs;
  return { startsAtMs, endsAtMs: startsAtMs + lengthMs };
}

function monthAt(anchor: Date, atMs: number): Cycle {
  const date = new Date(atMs);
  let month = date.getUTCFullYear() * 12 + date.getUTCMonth();
  if (atMs < borderOf(anchor, month)) month--;
  return { startsAtMs: borderOf(anchor, month), endsAtMs: borderOf(anchor, month + 1) };
}

/** The start of the cycle that begins in a month, counted from year 0. */
function borderOf(anchor: Date, month: number): number {
  const year = Math.floor(month / 12);
  const lastDay = new Date(Date.UTC(year, (month % 12) + 1, 0)).getUTCDate();
  const day = Math.min(anchor.getUTCDate(), lastDay);
  const timeOfDayMs = anchor.getTime() - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return Date.UTC(year, month % 12, day) + timeOfDayMs;
}
