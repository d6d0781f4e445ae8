import { describe, expect, it } from 'vitest';
import { periodOf, startOfDay } from './period.ts';

const at = (text: string) => Date.parse(text);
const iso = (ms: number) => new Date(ms).toISOString();

describe('startOfDay', () => {
  it.each([
    ['UTC', '2026-11-24T10:30:00Z', 0, '2026-11-24T00:00:00.000Z'],
    ['Europe/Berlin', '2026-11-24T23:30:00Z', 0, '2026-11-24T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-30T10:00:00Z', 1, '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-30T10:00:00Z', 0, '2026-03-29T22:00:00.000Z'],
    ['America/Los_Angeles', '2026-11-02T05:00:00Z', 0, '2026-11-01T07:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-24T19:00:00Z', 6, '2026-11-18T18:30:00.000Z'],
  ])('in %s at %s, %i days ago, is %s', (zone, now, days, expected) => {
    expect(iso(startOfDay(at(now), zone, days))).toBe(expected);
  });
});

describe('periodOf', () => {
  it('is the last 7 days, today included, unless the address says otherwise', () => {
    const period = periodOf({ period: 'all' }, 'UTC', at('2026-11-24T10:31:00Z'));
    expect([period.name, period.from, period.to]).toEqual([
      '7d',
      '2026-11-18T00:00:00.000Z',
      '2026-11-24T10:45:00.000Z',
    ]);
  });

  it('counts 24 whole hours with the running one', () => {
    const period = periodOf({ period: '24h' }, 'UTC', at('2026-11-24T10:31:00Z'));
    expect([period.from, period.interval]).toEqual(['2026-11-23T11:00:00.000Z', 'hour']);
  });
});
