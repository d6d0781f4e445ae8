import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MasterKey, openSecret, parseMasterKeys, sealSecret } from './sealed-secret.ts';

const key = (id: string): MasterKey => ({ id, secret: randomBytes(32) });
const [current, next] = [key('k1'), key('k2')];
const context = { tenant: 'prv_1', target: 'api:api_1:upstream' };

describe('a sealed secret', () => {
  it('opens to what was sealed, whatever its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(openSecret([current], context, sealSecret([current], context, plain))).toBe(plain);
      }),
    );
  });

  it('does not show its plain text, and is another text each time', () => {
    const [a, b] = [1, 2].map(() => sealSecret([current], context, 'sk-upstream-secret'));
    expect(a).not.toBe(b);
    expect(a).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(Buffer.from(a?.split('.').at(-1) ?? '', 'base64url').toString('latin1')).not.toContain('secret');
  });

  it.each([
    ['another tenant', { ...context, tenant: 'prv_2' }],
    ['another target', { ...context, target: 'api:api_2:upstream' }],
    ['parts that join to the same text', { tenant: 'prv_1","api:api_1', target: 'upstream' }],
  ])('does not open for %s', (_what, other) => {
    const sealed = sealSecret([current], context, 'secret');
    expect(() => openSecret([current], other, sealed)).toThrow();
  });

  it('does not open with a changed bit anywhere', () => {
    const sealed = sealSecret([current], context, 'secret');
    const parts = sealed.split('.');
    for (const place of [2, 3, 4]) {
      const bytes = Buffer.from(parts[place] ?? '', 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = parts.with(place, flipped.toString('base64url')).join('.');
        expect(() => openSecret([current], context, changed), `part ${place}, bit ${bit}`).toThrow();
      }
    }
  });

  it('does not open with a shortened tag', () => {
    const parts = sealSecret([current], context, 'secret').split('.');
    const tag = Buffer.from(parts[3] ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url');
    expect(() => openSecret([current], context, parts.with(3, tag).join('.'))).toThrow();
  });

  it('during a rotation the first key seals and both open', () => {
    const old = sealSecret([current], context, 'secret');
    const rotated = sealSecret([next, current], context, 'secret');
    expect([old, rotated].map((sealed) => sealed.split('.')[1])).toEqual(['k1', 'k2']);
    for (const sealed of [old, rotated]) expect(openSecret([next, current], context, sealed)).toBe('secret');
    expect(() => openSecret([next], context, old)).toThrow('no known key');
  });

  it.each(['', 'v1', 'v2.k1.a.b.c', 'v1.k1.a.b', 'plain text'])('%j is none', (text) => {
    expect(() => openSecret([current], context, text)).toThrow();
  });

  it('is not made without a key', () => {
    expect(() => sealSecret([], context, 'secret')).toThrow(RangeError);
  });
});

describe('a master key file', () => {
  const [a, b] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

  it('has one key a line, the first of which seals', () => {
    expect(parseMasterKeys(`k2:${a}\nk1:${b}\n`).map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(parseMasterKeys(`\n ${a} \n`)).toEqual([{ id: 'k1', secret: Buffer.from(a, 'base64') }]);
  });

  it.each([
    ['nothing', '\n \n'],
    ['a short key', randomBytes(16).toString('base64')],
    ['a long key', randomBytes(48).toString('base64')],
    ['a key without its name', `:${a}`],
    ['one bad line', `k1:${a}\nk2:nonsense`],
  ])('refuses %s', (_what, text) => {
    expect(() => parseMasterKeys(text)).toThrow();
  });
});
