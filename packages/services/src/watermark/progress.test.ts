import { describe, expect, it } from 'vitest';
import { advance, CLOCK_SLACK_MS, leastOf, SILENT_MS, type SpoolProgress } from './progress.ts';

const at = (lowMs: number, pending: SpoolProgress['pending'] = null): SpoolProgress => ({ lowMs, pending });

describe('advance', () => {
  const cases: readonly [string, SpoolProgress, number, { sequence: number; sinceMs: number } | null, SpoolProgress][] =
    [
      ['nothing was reported', at(10), 0, null, at(10)],
      ['an idle spool moves on with each report', at(10), 4, { sequence: 4, sinceMs: 90 }, at(90)],
      ['what is not in Postgres waits', at(10), 3, { sequence: 4, sinceMs: 90 }, at(10, { sequence: 4, sinceMs: 90 })],
      [
        'a newer report does not take the place of one that waits',
        at(10, { sequence: 4, sinceMs: 90 }),
        3,
        { sequence: 9, sinceMs: 200 },
        at(10, { sequence: 4, sinceMs: 90 }),
      ],
      [
        'one that waited counts once its items are there, and the newer one waits',
        at(10, { sequence: 4, sinceMs: 90 }),
        5,
        { sequence: 9, sinceMs: 200 },
        at(90, { sequence: 9, sinceMs: 200 }),
      ],
      [
        'both count when all items are there',
        at(10, { sequence: 4, sinceMs: 90 }),
        9,
        { sequence: 9, sinceMs: 200 },
        at(200),
      ],
      ['a store that forgot the report takes nothing back', at(10, { sequence: 4, sinceMs: 90 }), 4, null, at(90)],
      ['a clock that was set back takes nothing back', at(100), 4, { sequence: 4, sinceMs: 50 }, at(100)],
    ];
  it.each(cases)('%s', (_, before, committed, report, after) => {
    expect(advance(before, committed, report)).toEqual(after);
  });

  it('under steady traffic, with Postgres always behind, it goes on', () => {
    let progress = at(0);
    for (let second = 1; second <= 100; second += 1) {
      const report = { sequence: second * 10, sinceMs: second * 1_000 };
      progress = advance(progress, (second - 3) * 10, report);
    }
    expect(progress.lowMs).toBeGreaterThanOrEqual(90_000);
  });
});

describe('leastOf', () => {
  const now = 10_000_000;
  const survey = { sinceMs: 0, lookedMs: now, notedMs: now };
  const spool = (spoolId: string, lowMs: number, seenMs = now) => ({ spoolId, lowMs, seenMs });

  it('is the least of all spools, less what a clock may be set back', () => {
    const spools = [spool('a', now - 5_000), spool('b', now - 9_000)];
    expect(leastOf(survey, spools)).toEqual({ atMs: now - 9_000 - CLOCK_SLACK_MS, silent: [] });
  });

  it('is never later than when the list of spools was read under an open epoch', () => {
    expect(leastOf(survey, []).atMs).toBe(now - CLOCK_SLACK_MS);
    const rebuilding = { ...survey, notedMs: now - 70_000 };
    expect(leastOf(rebuilding, [spool('a', now)]).atMs).toBe(now - 70_000 - CLOCK_SLACK_MS);
    expect(leastOf({ ...survey, notedMs: null }, [spool('a', now)]).atMs).toBeNull();
  });

  it('names the silent ones, the longest silent first, and only if they were looked for all the time', () => {
    const spools = [
      spool('late', 0, now - SILENT_MS),
      spool('silent', 0, now - SILENT_MS - 1),
      spool('lost', 0, now - 5 * SILENT_MS),
    ];
    expect(leastOf(survey, spools).silent.map(({ spoolId }) => spoolId)).toEqual(['lost', 'silent']);
    expect(leastOf({ ...survey, sinceMs: now - SILENT_MS }, spools).silent).toEqual([]);
  });
});
