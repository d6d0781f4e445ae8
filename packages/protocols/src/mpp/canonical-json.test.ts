import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('sorts by UTF-16 code units: the example of RFC 8785, section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const names = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'] as const;
    const members = names.map((name) => `${JSON.stringify(name)}:"${value[name]}"`);
    expect(canonicalJson(value)).toBe(`{${members.join(',')}}`);
  });

  it.each<[JsonValue, string]>([
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    ['\b\t\f\r\u007f\u2028<&>', '"\\b\\t\\f\\r\u007f\u2028<&>"'],
    [-0, '0'],
    [9_007_199_254_740_991, '9007199254740991'],
    [[true, null, false, {}, []], '[true,null,false,{},[]]'],
    [{ b: { d: 1, c: 2 }, a: [] }, '{"a":[],"b":{"c":2,"d":1}}'],
    [{ '10': 1, '9': 2, '': 3 }, '{"":3,"10":1,"9":2}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['a fraction', 0.5],
    ['an integer beyond 2^53', 2 ** 53],
    ['a bigint', 1n],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00x': 1 }],
    ['undefined', { a: undefined }],
    ['a hole', new Array(1)],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['a function', () => 1],
    ['17 levels', JSON.parse('['.repeat(17) + ']'.repeat(17))],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalJson(value as JsonValue)).toThrow(TypeError);
    expect(() => canonicalJson([value] as JsonValue)).toThrow(TypeError);
  });

  it('refuses an object within itself', () => {
    const loop: { [name: string]: JsonValue } = {};
    loop.self = loop;
    expect(() => canonicalJson(loop)).toThrow(TypeError);
  });
});
