import { describe, expect, it } from 'vitest';
import { tiersOf, tiersTyped } from './discount-text.ts';

describe('tiers of a volume discount', () => {
  it('are read as people write them, and written so', () => {
    const tiers = [
      { measure: 'calls', from: 100, percentOff: 10 },
      { measure: 'usd', fromNanoUsd: '5000000000', percentOff: 25 },
    ] as const;
    expect(tiersTyped(tiers)).toBe('10% from 100 calls, 25% from 5 USD');
    expect(tiersOf('10% from 100 calls, 25% from 5 USD')).toEqual(tiers);
    expect(tiersOf('10 % from 100 calls;25% from 5.00 usd')).toEqual(tiers);
    expect(tiersOf('  ')).toEqual([]);
  });

  it.each([
    ...['10%', '0% from 1 calls', '100% from 1 calls', '10% from 0 calls', '10% from 0 USD', '10% from 1.5 calls'],
    ...['10% from -1 USD', 'free from 100 calls', Array.from({ length: 9 }, () => '10% from 1 calls').join(', ')],
  ])('%s is none', (typed) => {
    expect(tiersOf(typed)).toBeNull();
  });
});
