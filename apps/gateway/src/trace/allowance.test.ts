import { describe, expect, it } from 'vitest';
import { Allowance } from './allowance.ts';

const taken = (allowance: Allowance, subject: string, times: number, nowMs: number) =>
  Array.from({ length: times }, () => allowance.take(subject, nowMs)).filter(Boolean).length;

describe('an allowance', () => {
  it('gives each subject its burst, then so many a second, and never more than the burst', () => {
    const allowance = new Allowance({ burst: 10, perSecond: 2, subjectsMax: 5 });
    expect([taken(allowance, 'a', 50, 0), taken(allowance, 'b', 50, 0)]).toEqual([10, 10]);
    expect([taken(allowance, 'a', 50, 400), taken(allowance, 'a', 50, 1_000)]).toEqual([0, 2]);
    expect(taken(allowance, 'a', 50, 3_600_000)).toBe(10);
  });

  it('forgets who asked least recently', () => {
    const allowance = new Allowance({ burst: 1, perSecond: 0, subjectsMax: 2 });
    for (const subject of ['a', 'b', 'a', 'c']) allowance.take(subject, 0);
    expect([allowance.take('a', 0), allowance.take('b', 0)]).toEqual([false, true]);
  });
});
