import { describe, expect, it } from 'vitest';
import { toStorableJson } from '../storable-json.ts';
import { canonicalDimensions } from './event-row.ts';

describe('canonicalDimensions', () => {
  it('writes equal dimensions as equal text, whatever their order', () => {
    expect(canonicalDimensions({ route: 'r', model: 'm' })).toBe('{"model":"m","route":"r"}');
    expect(canonicalDimensions({ model: 'm', route: 'r' })).toBe('{"model":"m","route":"r"}');
  });
});

describe('toStorableJson', () => {
  it.each([
    ['a\u0000b', 'a\ufffdb'],
    ['\u0000\u0000', '\ufffd\ufffd'],
    ['\ud800x\udc00', '\ufffdx\ufffd'],
    ['\ud83d\ude00', '\ud83d\ude00'],
    ['\\u0000', '\\u0000'],
    ['\\\u0000', '\\\ufffd'],
  ])('keeps %j readable by jsonb as %j', (given, kept) => {
    expect(JSON.parse(toStorableJson({ [given]: given }))).toEqual({ [kept]: kept });
  });

  it('writes bigints as decimal strings', () => {
    expect(toStorableJson({ amount: 9_007_199_254_740_993n })).toBe('{"amount":"9007199254740993"}');
  });
});
