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
    expect(cycleAt(utc(anchor), utc(at))).toEqual({ startsAtMs: utc(from), endsAtMs: utc(to) });
  });

  it('holds the moment, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(moment, moment, (anchor, at) => {
        const cycle = cycleAt(anchor, at);
        expect(cycle.startsAtMs <= at && at < cycle.endsAtMs).toBe(true);
        expect(cycleAt(anchor, cycle.endsAtMs).startsAtMs).toBe(cycle.endsAtMs);
        expect(cycleAt(anchor, cycle.endsAtMs - 1)).toEqual(cycle);
      }),
    );
  });
});
