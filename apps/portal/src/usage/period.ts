import type { Granularity } from '@tollwright/ui';
import { choice, type SearchParams } from './address.ts';

export const PERIODS = ['7d', '24h', '30d'] as const;
export type PeriodName = (typeof PERIODS)[number];

/** A stretch of time that a page speaks about, in whole hours or days of a zone, with its last bucket still running. */
export interface UsagePeriod {
  readonly name: PeriodName;
  /** `last 7 days`, today included. */
  readonly label: string;
  /** ISO, included. */
  readonly from: string;
  /** ISO, not included: the end of the running quarter of an hour. */
  readonly to: string;
  readonly interval: 'hour' | 'day';
  readonly granularity: Granularity;
  readonly timeZone: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = 15 * 60_000;
const LABELS: Readonly<Record<PeriodName, string>> = {
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};

/** The period that the address names (`?period=24h`), or the last 7 days. */
export function periodOf(search: SearchParams, timeZone: string, nowMs: number): UsagePeriod {
  const name = choice(search, 'period', PERIODS);
  const hourly = name === '24h';
  const fromMs = hourly
    ? Math.floor(nowMs / HOUR_MS) * HOUR_MS - 23 * HOUR_MS
    : startOfDay(nowMs, timeZone, name === '7d' ? 6 : 29);
  return {
    name,
    label: LABELS[name],
    from: new Date(fromMs).toISOString(),
    to: new Date((Math.floor(nowMs / QUARTER_MS) + 1) * QUARTER_MS).toISOString(),
    interval: hourly ? 'hour' : 'day',
    granularity: hourly ? 'hour' : 'day',
    timeZone,
  };
}

/** Midnight in the zone, so many calendar days ago. Days of 23 and 25 hours are counted as one. */
export function startOfDay(nowMs: number, timeZone: string, daysAgo = 0): number {
  const today = wallClock(nowMs, timeZone);
  const wanted = Math.floor(today / DAY_MS) * DAY_MS - daysAgo * DAY_MS;
  // The zone's distance from UTC at about that time, and once more at the moment that this gives.
  const guess = wanted - offsetMs(wanted, timeZone);
  return wanted - offsetMs(guess, timeZone);
}

function offsetMs(atMs: number, timeZone: string): number {
  return wallClock(atMs, timeZone) - Math.floor(atMs / 1000) * 1000;
}

/** What the zone's clocks show, read as if it were UTC. */
function wallClock(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(atMs));
  const read = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
}
