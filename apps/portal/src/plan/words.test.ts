import { describe, expect, it } from 'vitest';
import { perPeriod, quotaText, rateLimitText, thisPeriod } from './words.ts';

describe('rateLimitText', () => {
  it.each([
    [{ limit: 10, windowSeconds: 60 }, '10 requests a minute'],
    [{ limit: 1, windowSeconds: 1 }, '1 request a second'],
    [{ limit: 5_000, windowSeconds: 3_600 }, '5,000 requests an hour'],
    [{ limit: 3, windowSeconds: 90 }, '3 requests in 90 seconds'],
    [null, 'No limit'],
  ])('%j reads %s', (rateLimit, expected) => expect(rateLimitText(rateLimit)).toBe(expected));
});

describe('quotaText', () => {
  it('groups digits and names the period', () => {
    const quota = { meters: ['input_tokens'], onExhausted: 'reject' as const, period: 'month' as const };
    expect(quotaText({ ...quota, featureKey: 'chat_tokens', limit: '1000000' })).toBe('1,000,000 chat tokens a month');
    expect(quotaText({ ...quota, featureKey: 'tokens', limit: '1500000' }, 'compact')).toBe('1.5M tokens a month');
  });
});

describe('periods', () => {
  it('read as part of a sentence', () => {
    expect([perPeriod('hour'), perPeriod('total'), thisPeriod('day'), thisPeriod('month')]).toEqual([
      'an hour',
      'in total',
      'today',
      'this month',
    ]);
  });
});
