import { describe, expect, it } from 'vitest';
import { PERIODS, type Period, periodAt } from './period.ts';

const at = (period: Period, iso: string) => {
  const { id, startsAtMs, endsAtMs } = periodAt(period, Date.parse(iso));
  return [id, new Date(startsAtMs).toISOString(), endsAtMs === null ? null : new Date(endsAtMs).toISOString()];
};

describe('periodAt', () => {
  it.each<[Period, string, string, string]>([
    ['minute', '2026-11-24T09:41', '2026-11-24T09:41:00.000Z', '2026-11-24T09:42:00.000Z'],
    ['hour', '2026-11-24T09', '2026-11-24T09:00:00.000Z', '2026-11-24T10:00:00.000Z'],
    ['day', '2026-11-24', '2026-11-24T00:00:00.000Z', '2026-11-25T00:00:00.000Z'],
    ['week', 'w2026-11-23', '2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
    ['month', '2026-11', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
  ])('%s is in UTC', (period, id, startsAt, endsAt) => {
    expect(at(period, '2026-11-24T09:41:17.123Z')).toEqual([id, startsAt, endsAt]);
  });

  it('total never ends', () => {
    expect(at('total', '2026-11-24T09:41:17.123Z')).toEqual(['total', '1970-01-01T00:00:00.000Z', null]);
  });

  it('a week begins on Monday, also across a year', () => {
    expect(at('week', '2026-12-27T23:59:59.999Z')[0]).toBe('w2026-12-21');
    expect(at('week', '2026-12-28T00:00:00.000Z')[0]).toBe('w2026-12-28');
    expect(at('week', '2027-01-03T23:59:59.999Z')[0]).toBe('w2026-12-28');
    expect(at('week', '2027-01-04T00:00:00.000Z')[0]).toBe('w2027-01-04');
  });

  it.each([
    ['2026-12-31T23:59:59.999Z', '2026-12', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00:00.000Z', '2027-01', '2027-02-01T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', '2028-02', '2028-03-01T00:00:00.000Z'],
    ['2027-02-28T23:59:59.999Z', '2027-02', '2027-03-01T00:00:00.000Z'],
  ])('%s lies in the month %s', (moment, id, endsAt) => {
    const [found, , end] = at('month', moment);
    expect([found, end]).toEqual([id, endsAt]);
  });

  it('knows every period that a limit may have', () => {
    for (const period of PERIODS) expect(periodAt(period, 0).id).not.toBe('');
  });
});
