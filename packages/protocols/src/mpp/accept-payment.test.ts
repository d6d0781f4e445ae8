import { describe, expect, it } from 'vitest';
import { rankOffers } from './accept-payment.ts';

const offers = ['stripe/charge', 'tempo/charge', 'tempo/session', 'evm/charge'].map((text) => {
  const [method = '', intent = ''] = text.split('/');
  return { method, intent };
});
const ranked = (header: string | undefined) =>
  rankOffers(offers, header).map(({ method, intent }) => `${method}/${intent}`);
const all = ranked(undefined);

describe('rankOffers', () => {
  it.each([
    ['tempo/charge, stripe/charge;q=0.5, */session;q=0', ['tempo/charge', 'stripe/charge']],
    ['tempo/charge, tempo/session;q=0, evm/charge', ['tempo/charge', 'evm/charge']],
    ['tempo/*, evm/*;q=0.6, stripe/charge;q=0.2', ['tempo/charge', 'tempo/session', 'evm/charge', 'stripe/charge']],
    ['*/*;q=0.1, tempo/*;q=0.9, tempo/charge;q=0.2', ['tempo/session', 'tempo/charge', 'stripe/charge', 'evm/charge']],
    ['evm/charge , , stripe/charge ; q=0.999', ['evm/charge', 'stripe/charge']],
    ['evm/charge;Q=1.000,stripe/charge;q=0.001', ['evm/charge', 'stripe/charge']],
    ['*/charge', ['stripe/charge', 'tempo/charge', 'evm/charge']],
    ['*/charge;q=0.2, tempo/*;q=0.3', ['tempo/charge', 'tempo/session', 'stripe/charge', 'evm/charge']],
    ['evm/charge;q=0, evm/charge;q=0.5', ['evm/charge']],
  ])('%s', (header, expected) => {
    expect(ranked(header)).toEqual(expected);
  });

  it.each([
    [''],
    [' , '],
    ['evm'],
    ['evm/'],
    ['EVM/charge'],
    ['evm/charge;q=2'],
    ['evm/charge;q=0.0001'],
    ['evm/charge;q=-1'],
    ['evm/charge;v=1'],
    ['evm/charge, "tempo/session"'],
    ['evm/*charge'],
    [`evm/charge,${' '.repeat(2_048)}`],
  ])('malformed, so ignored: %j', (header) => {
    expect(ranked(header)).toEqual(all);
  });

  it('offers everything where nothing is taken', () => {
    expect(ranked('card/charge')).toEqual(all);
    expect(ranked('*/*;q=0')).toEqual(all);
    expect(rankOffers([], 'evm/charge')).toEqual([]);
  });
});
