import { describe, expect, it } from 'vitest';
import type { Fields } from './fields.ts';
import { foldHeaders } from './fold-headers.ts';

function read(headers: Record<string, string | string[] | undefined>): Fields {
  const fields: Fields = {};
  foldHeaders({ kind: 'headers', headers: { x: 'x-x' } }, fields, headers);
  return fields;
}

describe('a header as a field', () => {
  it.each([
    ['12', 12],
    ['0', 0],
    [' 1.5 ', 1.5],
    ['-1', '-1'],
    ['1e9', '1e9'],
    ['12 pages', '12 pages'],
    ['', ''],
    ['x'.repeat(200), 'x'.repeat(128)],
  ])('%j is %j', (value, field) => expect(read({ 'x-x': value })).toEqual({ x: field }));

  it('that is missing, repeated or inherited writes nothing', () => {
    expect(read({})).toEqual({});
    expect(read({ 'x-x': ['1', '2'] })).toEqual({});
    const fields: Fields = {};
    foldHeaders({ kind: 'headers', headers: { x: 'constructor' } }, fields, {});
    expect(fields).toEqual({});
  });
});
