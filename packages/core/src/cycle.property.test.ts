import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleAt } from './cycle.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const moment = fc.integer({ min: utc('2020-01-01T00:00'), max: utc('2040-01-01T00:00') });

describe('a billing cycle', () => {
  it.each([
    ['2026-01-31T12:00', '2026-02-28T12:00', '2026-02-28T12:00', '2026-03-31T12:00'],
    ['2026-01-31T12:00', '2026-02-28T11:59', '2026-01-31T12:00', '2026-02-28T12:00'],
    ['2024-02-29T00:00', '2025-02-28T00:00', '2025-02-28T00:00', '2025-03-29T00:00'],
    ['2026-05-01T00:00', '2026-12-31T23:59', '2026-12-01T00:00', '2027-01-01T00:00'],
    ['2026-05-15T00:00', '2026-01-03T00:00', '2025-12-15T00:00', '2026-01-15T00:00'],
  ])('anchored at %s, %s lies in %s to %s', (anchor, at, from, to) => {
    expect(cycleAt('month', utc(anchor), utc(at))).toEqual({ startsAtMs: utc(from), endsAtMs: utc(to) });
  });

  it.each([
    ['week', '2026-01-07T06:30', '2026-11-24T00:00', '2026-11-18T06:30', '2026-11-25T06:30'],
    ['day', '2026-01-07T06:30', '2026-11-24T06:29', '2026-11-23T06:30', '2026-11-24T06:30'],
    ['hour', '2026-01-07T06:30', '2025-12-31T23:45', '2025-12-31T23:30', '2026-01-01T00:30'],
  ] as const)('of a %s anchored at %s: %s lies in %s to %s', (length, anchor, at, from, to) => {
    expect(cycleAt(length, utc(anchor), utc(at))).toEqual({ startsAtMs: utc(from), endsAtMs: utc(to) });
  });

  it('holds the moment, and the next one begins where it ends', () => {
    const length = fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const);
    fc.assert(
      fc.property(length, moment, moment, (each, anchor, at) => {
        const cycle = cycleAt(each, anchor, at);
        expect(cycle.startsAtMs <= at && at < cycle.endsAtMs).toBe(true);
        expect(cycleAt(each, anchor, cycle.endsAtMs).startsAtMs).toBe(cycle.endsAtMs);
        expect(cycleAt(each, anchor, cycle.endsAtMs - 1)).toEqual(cycle);
      }),
    );
  });
});
