import { BREAKER_DEFAULT, breakerOptions, upstreamBreaker } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { BREAKER_NUMBERS, breakerOf, breakerText } from './upstream-draft.ts';

function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

describe('breakerOf', () => {
  const typed = { failuresInARow: '3', failurePercent: '20', windowMs: '5000', callsMin: '10', openMs: '30000' };

  it.each(['default', 'off'])('%s takes no numbers along', (breaker) =>
    expect(breakerOf(formOf({ breaker, ...typed }))).toEqual({ kind: breaker }),
  );

  it('custom takes every number that a breaker has', () => {
    const breaker = breakerOf(formOf({ breaker: 'custom', ...typed }));
    expect(breaker).toEqual({
      ...{ kind: 'custom', failuresInARow: 3, failurePercent: 20 },
      ...{ windowMs: 5_000, callsMin: 10, openMs: 30_000 },
    });
    expect(upstreamBreaker.parse(breaker)).toEqual(breaker);
  });

  it('leaves it to the server to refuse a number that was left out', () =>
    expect(upstreamBreaker.safeParse(breakerOf(formOf({ breaker: 'custom', ...typed, openMs: '' }))).success).toBe(
      false,
    ));
});

it('the form asks for each number of a breaker once, and for none below its limit', () => {
  expect(BREAKER_NUMBERS.map(({ name }) => name).sort()).toEqual(Object.keys(breakerOptions.shape).sort());
  for (const { name, min } of BREAKER_NUMBERS) {
    expect([min, min - 1].map((value) => breakerOptions.shape[name].safeParse(value).success)).toEqual([true, false]);
  }
});

it('the breaker that everybody has is said in a sentence', () =>
  expect(breakerText(BREAKER_DEFAULT)).toBe(
    'Opens after 10 failures in a row, or when 50 % of at least 20 calls within 10 s failed. For 2 s nobody is let through, then one call tries the address.',
  ));
