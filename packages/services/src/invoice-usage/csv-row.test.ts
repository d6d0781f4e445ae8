import { describe, expect, it } from 'vitest';
import { csvRow } from './csv-row.ts';

describe('csvRow', () => {
  it.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1+1', "'+1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['-0.0005', '-0.0005'],
    ['12', '12'],
    ['Łódź, 株式会社', '"Łódź, 株式会社"'],
    ['a "b"', '"a ""b"""'],
    ['two\nlines', '"two\nlines"'],
  ])('writes %j as %j', (text, written) => {
    expect(csvRow([text, 'x'])).toBe(`${written},x\r\n`);
  });
});
