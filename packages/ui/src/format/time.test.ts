import { describe, expect, it } from 'vitest';
import { formatBucket, formatBucketFull, formatInstant, formatInstantUtc, formatRelative } from './time.ts';

const at = new Date('2026-11-24T04:03:12Z');

describe('formatInstant', () => {
  it('writes the zone it is given', () => {
    expect(formatInstant(at, 'datetime', 'UTC')).toBe('24 Nov 2026, 04:03');
    expect(formatInstant(at, 'datetime-seconds', 'UTC')).toMatch(/^24 Nov 2026, 04:03:\d\d$/);
    expect(formatInstant(at, 'datetime', 'America/New_York')).toBe('23 Nov 2026, 23:03');
    expect(formatInstant(at, 'date', 'UTC')).toBe('24 Nov 2026');
    expect(formatInstantUtc(at)).toBe('2026-11-24 04:03:12 UTC');
  });
});

describe('formatRelative', () => {
  it.each([
    [10, 'just now'],
    [240, '4 min ago'],
    [3_580, '1 h ago'],
    [10_800, '3 h ago'],
    [86_400, '1 d ago'],
    [-10_800, 'in 3 h'],
    [30 * 86_400, null],
  ])('%d seconds ago is %s', (seconds, text) => {
    expect(formatRelative(at, new Date(at.getTime() + seconds * 1000))).toBe(text);
  });
});

describe('formatBucket', () => {
  it('names hours within a day and days within a month', () => {
    expect(formatBucket(at, 'hour', 'UTC')).toBe('04:03');
    expect(formatBucket(at, 'day', 'America/New_York')).toBe('23 Nov');
    expect(formatBucket(at, 'month', 'UTC')).toBe('Nov 2026');
    expect(formatBucketFull(at, 'quarter-hour', 'UTC')).toBe('24 Nov, 04:03');
  });
});
