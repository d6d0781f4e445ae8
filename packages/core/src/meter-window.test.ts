import { describe, expect, it } from 'vitest';
import { type MeterWindow, windowBounds } from './meter-window.ts';

function bounds(window: MeterWindow, key: string, zone: string): string[] {
  const { startMs, endMs } = windowBounds(window, key, zone);
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
}

const seconds = (text: string) => String(Date.parse(text) / 1000);

describe('windowBounds', () => {
  it.each([
    [
      'has 23 hours where clocks go forward',
      'America/New_York',
      '2026-03-08',
      '2026-03-08T05:00:00.000Z',
      '2026-03-09T04:00:00.000Z',
    ],
    [
      'has 25 hours where they go back',
      'America/New_York',
      '2026-11-01',
      '2026-11-01T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
    ],
    [
      'begins with the first of two midnights',
      'America/Havana',
      '2026-11-01',
      '2026-11-01T04:00:00.000Z',
      '2026-11-02T05:00:00.000Z',
    ],
    [
      'begins with the change where there is no midnight',
      'Africa/Cairo',
      '2026-04-24',
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ],
    [
      'knows quarters of an hour',
      'Asia/Kathmandu',
      '2026-01-01',
      '2025-12-31T18:15:00.000Z',
      '2026-01-01T18:15:00.000Z',
    ],
  ])('a day %s (%s)', (_, zone, key, start, end) => {
    expect(bounds('DAY', key, zone)).toEqual([start, end]);
  });

  it('a month goes from its first local day to the next one’s', () => {
    expect(bounds('MONTH', '2026-12-01', 'Europe/Lisbon')).toEqual([
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ]);
    expect(bounds('MONTH', '2026-03-01', 'Europe/Lisbon')).toEqual([
      '2026-03-01T00:00:00.000Z',
      '2026-03-31T23:00:00.000Z',
    ]);
  });

  it('an hour ends where clocks change by half an hour', () => {
    const zone = 'Australia/Lord_Howe';
    const autumn = seconds('2026-04-04T14:30:00Z');
    expect(bounds('HOUR', seconds('2026-04-04T14:00:00Z'), zone)).toEqual([
      '2026-04-04T14:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
    ]);
    expect(bounds('HOUR', autumn, zone)).toEqual(['2026-04-04T15:00:00.000Z', '2026-04-04T15:30:00.000Z']);
  });
});
