/** How wide a bucket of a chart is. */
export type Granularity = 'quarter-hour' | 'hour' | 'day' | 'month';

/** How a moment is written. */
export type TimestampMode = 'datetime' | 'datetime-seconds' | 'date' | 'time';

const SHAPES: Record<TimestampMode | 'bucket-day' | 'bucket-month', Intl.DateTimeFormatOptions> = {
  datetime: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  'datetime-seconds': {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  'bucket-day': { day: 'numeric', month: 'short' },
  'bucket-month': { month: 'short', year: 'numeric' },
};

/** Writes a moment in a zone; without a zone, in the reader's. The same words on every machine: `24 Nov 2026, 04:03`. */
export function formatInstant(at: Date, mode: TimestampMode = 'datetime', timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...SHAPES[mode], ...(timeZone ? { timeZone } : {}) }).format(at);
}

/** The unambiguous form that is shown on hover: `2026-11-24 04:03:12 UTC`. */
export function formatInstantUtc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `just now`, `4 min ago`, `3 h ago`, `5 d ago`; `null` from 30 days on, where a date says more. The future reads `in 3 h`. */
export function formatRelative(at: Date, now: Date): string | null {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const absolute = Math.abs(seconds);
  if (absolute < 45) return seconds < -5 ? 'in under a minute' : 'just now';
  if (absolute >= 30 * 86_400) return null;
  const text =
    absolute < 3_570
      ? `${Math.round(absolute / 60)} min`
      : absolute < 84_600
        ? `${Math.round(absolute / 3_600)} h`
        : `${Math.round(absolute / 86_400)} d`;
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

/** The label of a chart's bucket: a time within a day, else a day or a month. */
export function formatBucket(at: Date, granularity: Granularity, timeZone: string): string {
  if (granularity === 'month') return format(at, SHAPES['bucket-month'], timeZone);
  if (granularity === 'day') return format(at, SHAPES['bucket-day'], timeZone);
  return format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, timeZone);
}

/** The bucket in full, for a tooltip or a table row: `24 Nov, 14:00`. */
export function formatBucketFull(at: Date, granularity: Granularity, timeZone: string): string {
  const day = formatBucket(at, granularity === 'month' ? 'month' : 'day', timeZone);
  return granularity === 'month' || granularity === 'day' ? day : `${day}, ${formatBucket(at, granularity, timeZone)}`;
}

function format(at: Date, options: Intl.DateTimeFormatOptions, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(at);
}
