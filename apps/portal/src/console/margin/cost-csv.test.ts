import { describe, expect, it } from 'vitest';
import { COST_CSV_HEAD, costCsv } from './cost-csv.ts';

describe('costCsv', () => {
  it('writes a line for each model, and nothing for a price that is not said', () => {
    const cost = {
      ...{ model: 'a, b', inputUsdPerMillion: '2', cachedInputUsdPerMillion: null, cacheWriteUsdPerMillion: '2.5' },
      ...{ outputUsdPerMillion: '8', reasoningUsdPerMillion: null },
    };
    expect(costCsv([cost])).toBe(`${COST_CSV_HEAD}\n"a, b",2,,2.5,8,`);
    expect(costCsv([])).toBe(COST_CSV_HEAD);
  });
});
