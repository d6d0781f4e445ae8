import type { ShareTake } from '@tollwright/policies';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ShareLimits } from './share-limits.ts';

const take = (change: Partial<ShareTake> = {}): ShareTake => ({
  ...{ key: 'k', algorithm: 'sliding-window', limit: 10, windowSeconds: 60, burst: 10 },
  ...change,
});
const START = 1_800_000_000_000;
const admitted = (limits: ShareLimits, asked: ShareTake, times: readonly number[]) =>
  times.filter((atMs) => limits.take(asked, atMs).kind === 'taken').length;
const at = (count: number, everyMs: number, fromMs = START) =>
  Array.from({ length: count }, (_, index) => fromMs + index * everyMs);

describe('a limit that one process keeps', () => {
  it.each(['fixed-window', 'sliding-window', 'token-bucket'] as const)(
    '%s: admits the limit at once, not one more',
    (algorithm) => {
      expect(admitted(new ShareLimits(), take({ algorithm }), at(50, 0))).toBe(10);
    },
  );

  it('a fixed window starts again, and says when', () => {
    const limits = new ShareLimits();
    admitted(limits, take({ algorithm: 'fixed-window' }), at(10, 0, START + 30_000));
    expect(limits.take(take({ algorithm: 'fixed-window' }), START + 30_000)).toEqual({
      kind: 'full',
      resetAtMs: START + 60_000,
    });
    expect(limits.take(take({ algorithm: 'fixed-window' }), START + 60_000).kind).toBe('taken');
  });

  it('no sixty seconds of a sliding window admit one call above the limit, however calls come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 50, maxLength: 300 }), (gaps) => {
        const limits = new ShareLimits();
        let atMs = START;
        const taken: number[] = [];
        for (const gap of gaps) {
          atMs += gap < 15_000 ? gap % 300 : gap * 3;
          if (limits.take(take({ limit: 20 }), atMs).kind === 'taken') taken.push(atMs);
        }
        for (const from of taken) {
          expect(taken.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  it('a sliding window under steady load admits the limit within five in a hundred', () => {
    const limits = new ShareLimits();
    const minutes = 10;
    const taken = at(minutes * 600, 100).filter((atMs) => limits.take(take({ limit: 100 }), atMs).kind === 'taken');
    expect(taken.length / minutes).toBeGreaterThanOrEqual(95);
    expect(taken.length / minutes).toBeLessThanOrEqual(101);
  });

  it('a call that waits as long as it was told is admitted', () => {
    for (const algorithm of ['sliding-window', 'token-bucket'] as const) {
      const limits = new ShareLimits();
      const asked = take({ algorithm });
      admitted(limits, asked, at(10, 100));
      const full = limits.take(asked, START + 1_500);
      if (full.kind !== 'full') throw new Error('it was admitted');
      expect(limits.take(asked, full.resetAtMs - 1).kind, algorithm).toBe('full');
      expect(limits.take(asked, full.resetAtMs).kind, algorithm).toBe('taken');
    }
  });

  it('a bucket fills again at its rate, and not above its burst', () => {
    const limits = new ShareLimits();
    const asked = take({ algorithm: 'token-bucket', limit: 60, burst: 5 });
    expect(admitted(limits, asked, at(20, 0))).toBe(5);
    expect(admitted(limits, asked, at(20, 0, START + 3_000))).toBe(3);
    expect(admitted(limits, asked, at(20, 0, START + 3_600_000))).toBe(5);
  });

  it('four processes admit the limit together, not each', () => {
    const all = Array.from({ length: 4 }, () => Object.assign(new ShareLimits(), { processes: 4 }));
    const asked = take({ limit: 100 });
    const total = all.reduce((sum, limits) => sum + admitted(limits, asked, at(100, 0)), 0);
    expect(total).toBe(100);
  });

  it('what was given back can be taken again', () => {
    const limits = new ShareLimits();
    const asked = take({ limit: 1 });
    const first = limits.take(asked, START);
    if (first.kind !== 'taken') throw new Error('it was refused');
    expect(limits.take(asked, START).kind).toBe('full');
    first.giveBack();
    expect(limits.take(asked, START).kind).toBe('taken');
  });

  it('keys are counted apart', () => {
    const limits = new ShareLimits();
    expect([admitted(limits, take({ key: 'a' }), at(11, 0)), admitted(limits, take({ key: 'b' }), at(11, 0))]).toEqual([
      10, 10,
    ]);
  });
});
