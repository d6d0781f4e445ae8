import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERIODS, periodAt } from './period.ts';

const moment = fc.integer({ min: 0, max: Date.UTC(2199, 0) });
const kind = fc.constantFrom(...PERIODS);
const ending = fc.constantFrom(...PERIODS.filter((period) => period !== 'total'));

describe('periods', () => {
  it('contain their moment', () => {
    fc.assert(
      fc.property(kind, moment, (period, atMs) => {
        const { startsAtMs, endsAtMs } = periodAt(period, atMs);
        expect(startsAtMs <= atMs && (endsAtMs === null || atMs < endsAtMs)).toBe(true);
      }),
    );
  });

  it('are the same from their first to their last millisecond, and another one next to them', () => {
    fc.assert(
      fc.property(ending, moment, (period, atMs) => {
        const bounds = periodAt(period, atMs);
        const endsAtMs = bounds.endsAtMs ?? 0;
        expect(periodAt(period, bounds.startsAtMs)).toEqual(bounds);
        expect(periodAt(period, endsAtMs - 1)).toEqual(bounds);
        expect(periodAt(period, endsAtMs).startsAtMs).toBe(endsAtMs);
        expect(periodAt(period, endsAtMs).id).not.toBe(bounds.id);
      }),
    );
  });

  it('have ids that sort as time goes, so that none comes back', () => {
    fc.assert(
      fc.property(kind, moment, moment, (period, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        expect(periodAt(period, early).id <= periodAt(period, late).id).toBe(true);
      }),
    );
  });

  it('have ids that no period of another length has', () => {
    fc.assert(
      fc.property(
        moment,
        (atMs) => new Set(PERIODS.map((period) => periodAt(period, atMs).id)).size === PERIODS.length,
      ),
    );
  });
});
