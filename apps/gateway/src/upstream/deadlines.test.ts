import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines, type Timed } from './deadlines.ts';

class Due implements Timed {
  place = -1;
  readonly dueAtMs: number;
  readonly #onExpire: () => void;

  constructor(dueAtMs: number, onExpire: () => void) {
    this.dueAtMs = dueAtMs;
    this.#onExpire = onExpire;
  }

  expire(): void {
    this.#onExpire();
  }
}

describe('Deadlines', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('expires what is due, and nothing that was deleted, in whatever order it was added and deleted', () => {
    const deadlines = new Deadlines();
    const expired: number[] = [];
    const startMs = performance.now();
    const all = Array.from({ length: 50 }, (_, index) => {
      const timed = new Due(startMs + index * 100, () => {
        expired.push(index);
        deadlines.delete(timed);
      });
      deadlines.add(timed);
      return timed;
    });
    const gone = all.filter((_, index) => index % 3 === 0);
    for (const timed of gone) deadlines.delete(timed);
    for (const timed of gone) deadlines.delete(timed);
    vi.advanceTimersByTime(2_450);
    expect(expired).toEqual(Array.from({ length: 25 }, (_, index) => index).filter((index) => index % 3 !== 0));
    vi.advanceTimersByTime(10_000);
    expect(expired.length).toBe(50 - gone.length);
  });

  it('rests while nothing runs, and watches again afterwards', () => {
    const deadlines = new Deadlines();
    const first = new Due(Number.POSITIVE_INFINITY, () => undefined);
    deadlines.add(first);
    deadlines.delete(first);
    vi.advanceTimersByTime(100);
    expect(vi.getTimerCount()).toBe(0);
    const onExpire = vi.fn();
    deadlines.add(new Due(performance.now(), onExpire));
    vi.advanceTimersByTime(50);
    expect(onExpire).toHaveBeenCalledTimes(1);
  });
});
