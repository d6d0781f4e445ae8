import { describe, expect, it } from 'vitest';
import { SlotLimits } from './slot-limits.ts';

describe('places among running calls', () => {
  it('are as many as the limit, and free again when a call leaves', () => {
    const slots = new SlotLimits();
    const take = { key: 'r', limit: 2 };
    const first = slots.enter(take);
    expect([slots.enter(take) !== null, slots.enter(take)]).toEqual([true, null]);
    first?.();
    first?.();
    expect([slots.enter(take) !== null, slots.enter(take)]).toEqual([true, null]);
  });

  it('are shared by processes, one at least for each', () => {
    const slots = Object.assign(new SlotLimits(), { processes: 4 });
    expect([0, 1, 2].map(() => slots.enter({ key: 'a', limit: 10 }) !== null)).toEqual([true, true, false]);
    expect([0, 1].map(() => slots.enter({ key: 'b', limit: 2 }) !== null)).toEqual([true, false]);
  });
});
