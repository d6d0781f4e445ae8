import { describe, expect, it } from 'vitest';
import { ID_PREFIXES, type IdKind, makeId } from './id.ts';

const zeros = new Uint8Array(10);
const ones = new Uint8Array(10).fill(255);

describe('makeId', () => {
  it('is the prefix of its kind and 26 characters', () => {
    expect(makeId('agent', 0, zeros)).toBe(`agt_${'0'.repeat(26)}`);
    expect(makeId('event', 2 ** 50 - 1, ones)).toBe(`evt_${'z'.repeat(26)}`);
  });

  it('uses no letter that is read as another', () => {
    expect(makeId('key', Date.UTC(2026, 10, 24), ones)).toMatch(/^key_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('carries its time in the first ten characters', () => {
    const atMs = Date.UTC(2026, 10, 24, 9, 41);
    const digits = '0123456789abcdefghjkmnpqrstvwxyz';
    let read = 0;
    for (const character of makeId('plan', atMs, ones).slice(4, 14)) read = read * 32 + digits.indexOf(character);
    expect(read).toBe(atMs);
  });

  it('wants ten random bytes', () => {
    expect(() => makeId('agent', 0, zeros.slice(1))).toThrow(RangeError);
  });

  it('no two kinds have one prefix', () => {
    const kinds = Object.keys(ID_PREFIXES) as IdKind[];
    expect(new Set(kinds.map((kind) => makeId(kind, 0, zeros))).size).toBe(kinds.length);
    for (const prefix of Object.values(ID_PREFIXES)) expect(prefix).toMatch(/^[a-z]{3}$/);
  });
});
