import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';

describe('toCsv', () => {
  it('ends every row with CRLF and quotes what needs it', () => {
    expect(toCsv([['a', 'b,c', 'say "x"', 'two\nlines', null, 7, 9007199254740993n]])).toBe(
      'a,"b,c","say ""x""","two\nlines",,7,9007199254740993\r\n',
    );
  });

  it.each(['=1+1', '+cmd', '-cmd', '@sum', '\tx'])('disarms %j', (text) => {
    expect(toCsv([[text]])).toBe(`'${text}\r\n`);
  });

  it('leaves negative numbers alone', () => {
    expect(toCsv([['-1.5', '-3']])).toBe('-1.5,-3\r\n');
  });
});
