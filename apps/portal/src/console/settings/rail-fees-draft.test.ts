import { describe, expect, it } from 'vitest';
import { draftOf, feeTyped, netsOf, type RailFees } from './rail-fees-draft.ts';

const chain = { fixedNanoUsd: '1000000', basisPoints: 0, gasNanoUsd: '0' };
const fees: RailFees = {
  x402: chain,
  evm: chain,
  stripe: { fixedNanoUsd: '300000000', basisPoints: 290, gasNanoUsd: '0' },
  tempo: { fixedNanoUsd: '0', basisPoints: 0, gasNanoUsd: '500000' },
};

describe('a fee', () => {
  it('is typed in dollars and percent, and read back as it was', () => {
    const draft = draftOf(fees);
    expect(draft.stripe).toEqual({ fixedUsd: '0.3', percent: '2.9', gasUsd: '0' });
    for (const rail of ['x402', 'evm', 'stripe', 'tempo'] as const) expect(feeTyped(draft[rail])).toEqual(fees[rail]);
  });

  it.each([
    ['no percentage', { percent: 'a' }],
    ['more than all of it', { percent: '100.01' }],
    ['a thousandth of a percent', { percent: '2.901' }],
    ['a negative amount', { fixedUsd: '-1' }],
    ['no gas', { gasUsd: '' }],
  ])('is not %s', (_what, change) => {
    expect(feeTyped({ ...draftOf(fees).stripe, ...change })).toBeNull();
  });
});

describe('what is left of a price', () => {
  const order = (price: string) => netsOf(draftOf(fees), price).map(({ rail, netNanoUsd }) => [rail, netNanoUsd]);

  it('is most where the fee is least; equals stay as they are', () => {
    expect(order('1000000000')).toEqual([
      ['tempo', 999_500_000n],
      ['x402', 999_000_000n],
      ['evm', 999_000_000n],
      ['stripe', 671_000_000n],
    ]);
  });

  it('names a rail last that does not take so little', () => {
    const free = { fixedUsd: '0', percent: '0', gasUsd: '0' };
    const nets = netsOf({ ...draftOf(fees), stripe: free }, '499999999');
    expect(nets.at(-1)).toMatchObject({ rail: 'stripe', minimumNanoUsd: 500_000_000n });
    expect(netsOf({ ...draftOf(fees), stripe: free }, '500000000')[0]).toMatchObject({ rail: 'stripe' });
  });

  it('leaves out what is not typed yet', () => {
    expect(netsOf({ ...draftOf(fees), evm: { fixedUsd: '', percent: '', gasUsd: '' } }, '1').length).toBe(3);
  });
});
