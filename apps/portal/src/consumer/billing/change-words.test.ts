import { describe, expect, it } from 'vitest';
import { changeConsequence, subscribeConsequence } from './change-words.ts';

const terms = (feeNanoUsd: string, tokens: string) => ({
  currency: 'usd' as const,
  billingPeriod: 'month' as const,
  rateLimit: null,
  quotas: [
    {
      featureKey: 'tokens',
      meters: ['input_tokens'],
      limit: tokens,
      period: 'month' as const,
      onExhausted: 'reject' as const,
    },
  ],
  rateCards:
    feeNanoUsd === '0'
      ? []
      : [
          {
            key: 'fee',
            name: 'Fee',
            price: { kind: 'flat' as const, amountNanoUsd: feeNanoUsd, paymentTerm: 'in-advance' as const },
          },
        ],
  defaultKeyBudget: { limitNanoUsd: '1', period: 'month' as const },
  outputTokensMax: 1_000,
  prepaid: null,
});
const free = terms('0', '10000');
const pro = terms('29000000000', '1000000');
const used = (tokens: string) => [
  { featureKey: 'tokens', name: 'Tokens', period: 'month' as const, limit: '1', used: tokens, held: '0', endsAt: null },
];

describe('subscribeConsequence', () => {
  it('names the fee and to whom it is owed', () => {
    expect(subscribeConsequence(pro, 'Acme')).toContain('Its fee of 29.00 USD is owed to Acme now');
    expect(subscribeConsequence(free, 'Acme')).toContain('no monthly fee');
  });
});

describe('changeConsequence', () => {
  it('asks for the difference of a dearer plan now, and keeps what was paid for a cheaper one', () => {
    expect(changeConsequence(free, pro, used('5'))).toContain('becomes 29.00 USD');
    expect(changeConsequence(pro, free, used('5'))).toContain(
      'What is paid for this billing cycle stays; from the next one on the fee is 0.00 USD',
    );
    expect(changeConsequence(pro, pro, used('5'))).toContain('stays 29.00 USD');
  });

  it('warns when more is used than the new plan has', () => {
    expect(changeConsequence(pro, free, used('10000'))).toContain(
      'You have used 10,000 of its 10,000 tokens a month: calls are refused until the next period.',
    );
    expect(changeConsequence(pro, free, used('9999'))).toContain('What you have used of a quota stays used.');
  });
});
