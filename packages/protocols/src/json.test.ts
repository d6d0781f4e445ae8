import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, decodeUnambiguousJson } from './json.ts';

const bytesOf = (text: string) => Buffer.from(text, 'utf8');

describe('json', () => {
  it.each([
    ['bad UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a byte order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x31])],
    ['17 levels', bytesOf('['.repeat(17) + ']'.repeat(17))],
    ['no JSON', bytesOf('{a:1}')],
  ])('decodeJson: refuses %s', (_what, bytes) => {
    expect(decodeJson(bytes).kind).toBe('malformed');
  });

  it('decodeJson: reads 16 levels', () => {
    expect(decodeJson(bytesOf('['.repeat(16) + ']'.repeat(16))).kind).toBe('ok');
  });

  it.each([
    ['at the top', '{"a":1,"a":1}'],
    ['within', '{"a":{"b":1,"b":2}}'],
    ['in an array', '[{"b":1,"b":2}]'],
    ['by an escape', '{"a":1,"\\u0061":2}'],
    ['of a name with quotes and colons', '{"\\":":1,"\\":":2}'],
    ['of __proto__', '{"__proto__":1,"__proto__":2}'],
    ['where the first was an object', '{"a":{"x":1},"a":2}'],
  ])('decodeUnambiguousJson: refuses members that occur twice %s', (_where, text) => {
    expect(decodeJson(bytesOf(text)).kind).toBe('ok');
    expect(decodeUnambiguousJson(bytesOf(text))).toEqual({ kind: 'malformed', reason: 'a member occurs twice' });
  });

  it.each([['{"a":{"a":{"a":":"}},"b":[{"a":1},{"a":2}]}'], ['{"__proto__":1}'], ['{"a\\\\":"\\\\","a":1}'], ['":"']])(
    'decodeUnambiguousJson: reads %s',
    (text) => {
      expect(decodeUnambiguousJson(bytesOf(text))).toEqual({ kind: 'ok', value: JSON.parse(text) });
    },
  );

  it('decodeUnambiguousJson: reads whatever JSON.stringify writes, and refuses it with a member written again', () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.boolean(), (value, spaces) => {
        const text = JSON.stringify(value, null, spaces ? 2 : 0);
        expect(decodeUnambiguousJson(bytesOf(text)).kind).toBe('ok');
        const [name = ''] = Object.keys(JSON.parse(text) as object);
        const again = `${text.slice(0, -1)},${JSON.stringify(name)}:0}`;
        expect(decodeUnambiguousJson(bytesOf(again)).kind).toBe('malformed');
      }),
    );
  });
});
