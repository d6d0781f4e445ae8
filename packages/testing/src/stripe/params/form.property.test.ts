import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StripeError } from '../errors.ts';
import { canonicalForm, decodeForm, type FormValue } from './form.ts';

type Tree = string | { [name: string]: Tree };

const name = fc.stringMatching(/^[a-z_]{1,8}$/);
const { record: tree } = fc.letrec<{ node: Tree; record: { [name: string]: Tree } }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.string(), tie('record')),
  record: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 4 }),
}));

/** As the SDK sends it. */
function encode(value: Tree, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  return Object.entries(value).flatMap(([key, part]) => encode(part, prefix === '' ? key : `${prefix}[${key}]`));
}

function plain(value: FormValue): Tree {
  if (typeof value === 'string') return value;
  return Object.fromEntries([...value].map(([key, part]) => [key, plain(part)]));
}

describe('forms', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(tree, (value) => {
        expect(plain(decodeForm(new URLSearchParams(encode(value)).toString()))).toEqual({ ...value });
      }),
    );
  });

  it('are the same in any order of their parameters', () => {
    fc.assert(
      fc.property(tree, (value) => {
        const pairs = encode(value);
        const texts = [pairs, [...pairs].reverse()].map((one) => new URLSearchParams(one).toString());
        expect(new Set(texts.map(canonicalForm)).size).toBe(1);
      }),
    );
  });

  it('that are no forms are refused and break nothing', () => {
    const part = fc.constantFrom('a', '[', ']', '[]', '=', '&', '%', '%5B', '__proto__', '0', '1', 'b');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        try {
          expect(decodeForm(parts.join(''))).toBeInstanceOf(Map);
        } catch (error) {
          expect(error).toBeInstanceOf(StripeError);
        }
      }),
    );
  });
});
