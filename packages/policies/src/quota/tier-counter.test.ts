import type { Principal } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { createTierCounter, isTierCounter } from './tier-counter.ts';

const principal = (livemode: boolean, billingAnchorAtMs?: number) =>
  ({ customer: { customerId: 'cus_1', billingAnchorAtMs }, key: { livemode } }) as unknown as Principal;
const worst = [
  { meter: 'requests', quantity: 2n, dimensions: {} },
  { meter: 'tokens', quantity: 9n, dimensions: {} },
  { meter: 'requests', quantity: 3n, dimensions: { model: 'm' } },
];
const nodeOf = (livemode: boolean, anchorAtMs?: number) => {
  const effect = createTierCounter('requests').decide(principal(livemode, anchorAtMs), worst, Date.UTC(2026, 2, 15));
  if (effect.kind !== 'hold') throw new Error(`a counter asked for ${effect.kind}`);
  return effect.ask;
};

describe('a counter of tiers', () => {
  it('asks for the units of its meter alone, in the calendar month of the store', () => {
    expect(nodeOf(true)).toMatchObject({ node: 'units:cus_1:live:requests', period: 'month', amount: 5n });
  });

  it('counts test calls by themselves', () => {
    expect(nodeOf(false).node).toBe('units:cus_1:test:requests');
  });

  it('counts in the billing cycle of a customer who has one', () => {
    const anchored = nodeOf(true, Date.UTC(2026, 0, 31));
    expect(anchored).toMatchObject({ node: 'units:cus_1:live:requests@2026-02-28T00:00:00.000Z', period: 'total' });
  });

  it('is known by its node, which no quota or budget has', () => {
    expect([nodeOf(true).node, 'quota:cus_1:tokens', 'budget:key_1'].map(isTierCounter)).toEqual([true, false, false]);
  });
});
