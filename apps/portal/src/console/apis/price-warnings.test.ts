import { describe, expect, it } from 'vitest';
import { priceWarnings } from './price-warnings.ts';

const said = (price: string | null) => priceWarnings(price).map((text) => /version \d|Cards/.exec(text)?.[0] ?? text);

describe('a price for strangers', () => {
  it.each([
    [null, []],
    ['0', []],
    ['100000000', ['Cards']],
    ['100000001', ['version 1', 'Cards']],
    ['500000000', ['version 1']],
    ['1000000000', ['version 1']],
    ['1000000001', ['version 1', 'version 2']],
  ])('of %s keeps out %j', (price, expected) => {
    expect(said(price)).toEqual(expected);
  });
});
