'use client';

import { useSyncExternalStore } from 'react';
import { classNames } from './class-names.ts';
import { formatInstant, formatInstantUtc, formatRelative, type TimestampMode } from './format/time.ts';

export interface TimestampProps {
  /** ISO 8601, or a Date from a server component. */
  readonly at: string | Date;
  /** `relative` falls back to a date after 30 days. */
  readonly mode?: TimestampMode | 'relative';
  readonly className?: string;
}

/** A moment in the reader's zone, UTC on hover. The server writes UTC, the browser puts its own zone in its place. */
export function Timestamp({ at, mode = 'datetime', className }: TimestampProps) {
  const date = typeof at === 'string' ? new Date(at) : at;
  const now = useSyncExternalStore(subscribeToMinutes, currentMinute, () => null);
  const absolute = mode === 'relative' ? 'datetime' : mode;
  const own =
    now === null ? null : mode === 'relative' ? formatRelative(date, new Date(Math.max(now, Date.now()))) : null;
  const text = own ?? formatInstant(date, absolute, now === null ? 'UTC' : undefined);
  return (
    <time
      dateTime={date.toISOString()}
      title={formatInstantUtc(date)}
      suppressHydrationWarning
      className={classNames('whitespace-nowrap tabular', className)}
    >
      {text}
    </time>
  );
}

const MINUTE_MS = 60_000;

function subscribeToMinutes(onChange: () => void): () => void {
  const timer = setInterval(onChange, MINUTE_MS / 2);
  return () => clearInterval(timer);
}

function currentMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}
