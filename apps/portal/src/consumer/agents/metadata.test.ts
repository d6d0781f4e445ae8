import { describe, expect, it } from 'vitest';
import { formLines, metadataLines, metadataOf, notesOf, repeatedName } from './metadata.ts';

const lines = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value], id) => ({ id, name, value }));

describe('metadataOf', () => {
  it('leaves lines without a name out and trims', () => {
    expect(metadataOf(lines([' team ', ' blue '], ['', 'x']))).toEqual({ team: 'blue' });
  });

  it('keeps the type of what was not touched', () => {
    const before = { tier: 2, beta: true, note: null };
    expect(metadataOf(formLines(before), before)).toEqual(before);
    expect(metadataOf(lines(['tier', '3'], ['toString', 'x']), before)).toEqual({ tier: '3', toString: 'x' });
  });
});

describe('notesOf', () => {
  it('is text by name, without empty lines', () => {
    expect(notesOf(lines([' team ', ' blue '], ['', 'x'], ['tier', '3']))).toEqual({ team: 'blue', tier: '3' });
  });
});

describe('repeatedName', () => {
  it('finds a name that stands twice', () => {
    expect(repeatedName(lines(['team', 'a'], ['region', 'b'], ['team ', 'c']))).toBe('team');
    expect(repeatedName(lines(['', 'a'], ['', 'b']))).toBeNull();
  });
});

describe('metadataLines', () => {
  it('writes values as text, by name', () => {
    expect(metadataLines({ tier: 2, beta: true, note: null })).toEqual([
      { label: 'beta', value: 'true' },
      { label: 'note', value: 'null' },
      { label: 'tier', value: '2' },
    ]);
  });
});
