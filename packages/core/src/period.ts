/** How long a limit runs before it starts again, in UTC. `total` never starts again. */
export type Period = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';

export const PERIODS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const satisfies readonly Period[];

/** `id` names the period in counters (`2026-11`, `2026-11-24T09`); `endsAtMs` is null for `total`. */
export interface PeriodBounds {
  readonly id: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
}

const DAY_MS = 86_400_000;

/** The period that a moment falls in. Weeks start on Monday. `atMs` is milliseconds since the Unix epoch. */
export function periodAt(period: Period, atMs: number): PeriodBounds {
  const iso = new Date(atMs).toISOString();
  switch (period) {
    case 'minute':
      return fixed(iso.slice(0, 16), atMs, 60_000);
    case 'hour':
      return fixed(iso.slice(0, 13), atMs, 3_600_000);
    case 'day':
      return fixed(iso.slice(0, 10), atMs, DAY_MS);
    case 'week': {
      const midnight = Math.floor(atMs / DAY_MS) * DAY_MS;
      const startsAtMs = midnight - ((new Date(atMs).getUTCDay() + 6) % 7) * DAY_MS;
      return {
        id: `w${new Date(startsAtMs).toISOString().slice(0, 10)}`,
        startsAtMs,
        endsAtMs: startsAtMs + 7 * DAY_MS,
      };
    }
    case 'month': {
      const date = new Date(atMs);
      const startsAtMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
      return { id: iso.slice(0, 7), startsAtMs, endsAtMs: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) };
    }
    case 'total':
      return { id: 'total', startsAtMs: 0, endsAtMs: null };
  }
}

function fixed(id: string, atMs: number, lengthMs: number): PeriodBounds {
  const startsAtMs = Math.floor(atMs / lengthMs) * lengthMs;
  return { id, startsAtMs, endsAtMs: startsAtMs + lengthMs };
}
