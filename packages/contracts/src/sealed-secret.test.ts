import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type MasterKey, openSecret, parseMasterKeys, sealSecret } from './sealed-secret.ts';

const keyOf = (id: string): MasterKey => ({ id, secret: randomBytes(32) });
const old = keyOf('k1');
const next = keyOf('k2');
const place = { tenant: 'prv_1', target: 'api:api_1:upstream' };

describe('a sealed secret', () => {
  it('opens where it was sealed, and says nothing of itself', () => {
    const sealed = sealSecret([old], place, 'sk-upstream');
    expect(sealed).toMatch(/^v1\.k1\./);
    expect(sealed).not.toContain('sk-upstream');
    expect(openSecret([old], place, sealed)).toBe('sk-upstream');
  });

  it('is never the same twice', () => {
    expect(sealSecret([old], place, 'a')).not.toBe(sealSecret([old], place, 'a'));
  });

  it.each([
    ['another tenant', { ...place, tenant: 'prv_2' }],
    ['another target', { ...place, target: 'api:api_2:upstream' }],
  ])('does not open for %s', (_name, elsewhere) => {
    const sealed = sealSecret([old], place, 'sk-upstream');
    expect(() => openSecret([old], elsewhere, sealed)).toThrow();
  });

  it('does not open with another key of the same id, nor without its key', () => {
    const sealed = sealSecret([old], place, 'sk-upstream');
    expect(() => openSecret([keyOf('k1')], place, sealed)).toThrow();
    expect(() => openSecret([next], place, sealed)).toThrow('no known key');
  });

  it('does not open with any bit of iv, tag or ciphertext changed', () => {
    const [version, id, ...parts] = sealSecret([old], place, 'sk-upstream').split('.');
    const bytes = parts.map((part) => Buffer.from(part, 'base64url'));
    for (const part of bytes) {
      for (let bit = 0; bit < part.length * 8; bit += 1) {
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const changed = [version, id, ...bytes.map((other) => other.toString('base64url'))].join('.');
        expect(() => openSecret([old], place, changed)).toThrow();
        part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
    }
  });

  it('does not open with a shortened tag, which would be easier to guess', () => {
    const parts = sealSecret([old], place, 'sk-upstream').split('.');
    const tag = Buffer.from(parts[3] ?? '', 'base64url').subarray(0, 4);
    const changed = parts.with(3, tag.toString('base64url')).join('.');
    expect(() => openSecret([old], place, changed)).toThrow();
  });

  it('rotates: the first key seals, every key opens', () => {
    const before = sealSecret([old], place, 'a');
    const after = sealSecret([next, old], place, 'b');
    expect(after).toMatch(/^v1\.k2\./);
    expect([openSecret([next, old], place, before), openSecret([old, next], place, after)]).toEqual(['a', 'b']);
  });
});

describe('a master key file', () => {
  const base64 = randomBytes(32).toString('base64');

  it('is one bare key, or one key a line with its id', () => {
    expect(parseMasterKeys(`${base64}\n`).map(({ id }) => id)).toEqual(['k1']);
    expect(parseMasterKeys(`k2:${base64}\n\nk1:${base64}\n`).map(({ id }) => id)).toEqual(['k2', 'k1']);
  });

  it.each([
    ['nothing', '\n'],
    ['a short key', Buffer.alloc(16).toString('base64')],
    ['a key without an id', `:${base64}`],
  ])('is refused with %s', (_name, text) => {
    expect(() => parseMasterKeys(text)).toThrow();
  });
});
