import { describe, expect, it } from 'vitest';
import { refundAmount } from './refund-amount.ts';

const usdc = { amountAtomic: '10000', amountNanoUsd: '10000000', hasKey: true };
const cents = { amountAtomic: '150', amountNanoUsd: '1500000000', hasKey: true };

describe('refundAmount', () => {
  it.each([
    ['all of it', '0.01', usdc, '10000'],
    ['a part', '0.000001', usdc, '1'],
    ['cents', '0.99', cents, '99'],
  ])('reads %s in the smallest unit', (_what, text, left, amountAtomic) => {
    expect(refundAmount(text, left)).toEqual({ kind: 'amount', amountAtomic });
  });

  it.each([
    ['no number', 'ten', usdc],
    ['nothing', '0', usdc],
    ['more than is left', '0.02', usdc],
    ['a part of a unit', '0.0000005', usdc],
    ['a part of a cent', '0.995', cents],
  ])('refuses %s', (_what, text, left) => {
    expect(refundAmount(text, left).kind).toBe('wrong');
  });
});
