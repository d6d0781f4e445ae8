import { type Sql, sql } from '@tollwright/db';
import { z } from 'zod';
import type { Range } from './filter.ts';

export const usageInterval = z.enum(['15m', 'hour', 'day']);
export type UsageInterval = z.output<typeof usageInterval>;

/** An IANA time zone, such as `Europe/Lisbon`. */
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), 'must be an IANA time zone such as Europe/Lisbon');

function isTimeZone(name: string): boolean {
  // PostgreSQL reads offsets and abbreviations with another sign than everyone else.
  if (!/^([A-Za-z]+(_[A-Za-z]+)*(\/[A-Za-z0-9_+-]+)+|UTC)$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Where the bucket of a moment begins, in the zone's own days and hours. */
export function bucketOf(moment: Sql, interval: UsageInterval, zone: string): Sql {
  return interval === '15m' ? moment : sql`date_trunc(${interval}::text, ${moment}, ${zone}::text)`;
}

/** A query for the beginnings (`at`) of all buckets of the range, oldest first: also of those in which nothing happened. */
export function bucketsBetween(range: Range, interval: UsageInterval, zone: string): Sql {
  const from = sql`${range.from.toISOString()}::timestamptz`;
  const to = sql`${range.to.toISOString()}::timestamptz`;
  if (interval === 'day') {
    // Days are counted on the zone's calendar: some have 23 or 25 hours.
    return sql`SELECT d AT TIME ZONE ${zone}::text AS at FROM generate_series(
      date_trunc('day', ${from} AT TIME ZONE ${zone}::text), (${to} AT TIME ZONE ${zone}::text) - interval '1 microsecond',
      interval '1 day') AS d ORDER BY 1`;
  }
  const step = interval === 'hour' ? sql`interval '1 hour'` : sql`interval '15 minutes'`;
  return sql`SELECT d AS at FROM generate_series(
    ${bucketOf(from, interval, zone)}, ${to} - interval '1 microsecond', ${step}) AS d ORDER BY 1`;
}
