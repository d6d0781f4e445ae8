import { describe, expect, it } from 'vitest';
import { FacilitatorHealth } from './facilitator-health.ts';

function failing(times: number): FacilitatorHealth {
  const health = new FacilitatorHealth();
  for (let time = 0; time < times; time++) {
    health.admits(0);
    health.ended(false, 0);
  }
  return health;
}

describe('the health of a facilitator', () => {
  it('is asked until three answers in a row did not come', () => {
    expect(failing(2).admits(0)).toBe(true);
    expect(failing(3).admits(0)).toBe(false);
    const health = failing(2);
    health.ended(true, 0);
    health.ended(false, 0);
    expect([health.admits(0), health.rests(0)]).toEqual([true, false]);
  });

  it('rests no longer for what was under way when its rest began', () => {
    const health = failing(10);
    expect([health.admits(999), health.admits(1_000)]).toEqual([false, true]);
  });

  it('is probed by one request after its rest, whose answer decides for all', () => {
    const health = failing(3);
    expect([health.admits(999), health.admits(1_000), health.admits(1_000)]).toEqual([false, true, false]);
    health.ended(true, 1_000);
    expect([health.rests(1_000), health.admits(1_000), health.admits(1_000)]).toEqual([false, true, true]);
  });

  it('rests twice as long after each probe that failed, thirty seconds at most', () => {
    const health = failing(3);
    let nowMs = 1_000;
    const rests = [2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
    for (const rest of rests) {
      expect(health.admits(nowMs)).toBe(true);
      health.ended(false, nowMs);
      expect([health.admits(nowMs + rest - 1)]).toEqual([false]);
      nowMs += rest;
    }
  });
});
