import { ProblemError } from '@tollwright/core';
import { describe, expect, it } from 'vitest';
import { readCostCsv } from './read-cost-csv.ts';

const HEAD =
  'model,input_usd_per_million,cached_input_usd_per_million,output_usd_per_million,reasoning_usd_per_million';

function refusal(csv: string): unknown {
  try {
    readCostCsv(csv);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  return null;
}

function errorsOf(csv: string) {
  const { slug, members } = refusal(csv) as { slug: string; members: { errors: { line: number; message: string }[] } };
  return { slug, errors: members.errors };
}

describe('readCostCsv', () => {
  it('reads a table, and an empty cell as a price that is not said', () => {
    expect(readCostCsv(`${HEAD}\nsmall,0.15,0.075,0.6,\nlarge*,2.5,,10,12\n`)).toEqual([
      {
        ...{ model: 'small', inputUsdPerMillion: '0.15', cachedInputUsdPerMillion: '0.075' },
        ...{ cacheWriteUsdPerMillion: null, outputUsdPerMillion: '0.6', reasoningUsdPerMillion: null },
      },
      {
        ...{ model: 'large*', inputUsdPerMillion: '2.5', cachedInputUsdPerMillion: null },
        ...{ cacheWriteUsdPerMillion: null, outputUsdPerMillion: '10', reasoningUsdPerMillion: '12' },
      },
    ]);
  });

  it('takes columns in any order, quotes, a byte order mark, blank lines and any end of line', () => {
    const csv = '\uFEFF\r\noutput_usd_per_million, Model ,"input_usd_per_million"\r\n\r\n6 , "a, ""b""" ,3\r';
    expect(readCostCsv(csv)).toMatchObject([
      { model: 'a, "b"', inputUsdPerMillion: '3', outputUsdPerMillion: '6', cachedInputUsdPerMillion: null },
    ]);
  });

  it.each([
    ['a price that is none', `${HEAD}\nsmall,1,,2,\n\nlarge,1e3,,2,`, 4, /input_usd_per_million must be a decimal/],
    ['a price below zero', `${HEAD}\nsmall,-1,,2,`, 2, /must be a decimal/],
    ['a missing price', `${HEAD}\nsmall,1,,,`, 2, /output_usd_per_million is empty/],
    ['too few cells', `${HEAD}\nsmall,1`, 2, /has 2 cells; there are 5 columns/],
    ['a model that is there twice', `${HEAD}\nsmall,1,,2,\nsmall,1,,2,`, 3, /small is on an earlier line/],
    ['a star inside a name', `${HEAD}\nsm*ll,1,,2,`, 2, /model may have a \*/],
    ['an open quote', `${HEAD}\n"small,1,,2,`, 2, /a quote is not closed/],
    ['a column that is unknown', '\nmodel,price\nsmall,1', 2, /"price" is no column/],
    ['no column of output', 'model,input_usd_per_million\nsmall,1', 1, /output_usd_per_million is missing/],
    ['no model', HEAD, 1, /no model/],
    ['nothing', '', 1, /is no column/],
  ])('names the line of %s', (_, csv, line, message) => {
    const { slug, errors } = errorsOf(csv);
    expect(slug).toBe('invalid-input');
    expect(errors[0]).toMatchObject({ path: 'csv', line });
    expect(errors.some((error) => error.line === line && message.test(error.message))).toBe(true);
  });

  it('names every line that is wrong, twenty at most', () => {
    const { errors } = errorsOf(`${HEAD}\n${'small,x,,2,\n'.repeat(30)}`);
    expect(errors).toHaveLength(20);
    expect(errors.map(({ line }) => line).slice(0, 2)).toEqual([2, 3]);
  });
});
