import { extractorRule } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { EMPTY_RULE, ruleNotes, ruleOf } from './rule-draft.ts';

describe('ruleOf', () => {
  it('takes the preset without its fields', () => expect(ruleOf(EMPTY_RULE)).toEqual({ kind: 'openai' }));

  it('takes every preset without fields', () =>
    expect(ruleOf({ ...EMPTY_RULE, kind: 'anthropic' })).toEqual({ kind: 'anthropic' }));

  it('trims names and sources and leaves empty lines out', () => {
    const typed = (from: string) => [
      { name: ' tokens ', from },
      { name: '', from: ' ' },
    ];
    const draft = { ...EMPTY_RULE, paths: typed(' $.usage.total '), headers: typed(' x-tokens ') };
    expect(ruleOf({ ...draft, kind: 'json' })).toEqual({ kind: 'json', fields: { tokens: '$.usage.total' } });
    expect(ruleOf({ ...draft, kind: 'headers' })).toEqual({ kind: 'headers', headers: { tokens: 'x-tokens' } });
  });

  it('says only of an OpenAI-shaped rule that streams are not asked, and only then', () => {
    const silent = { ...EMPTY_RULE, includeUsage: false };
    expect(ruleOf(silent)).toEqual({ kind: 'openai', includeUsage: false });
    expect(ruleOf({ ...silent, kind: 'anthropic' })).toEqual({ kind: 'anthropic' });
  });

  it('takes bounds to every kind, and leaves empty lines out', () => {
    const atMost = [
      { name: ' bytes_out ', value: ' 40,000 ' },
      { name: '', value: ' ' },
    ];
    for (const kind of ['openai', 'anthropic', 'json', 'headers'] as const) {
      expect(ruleOf({ ...EMPTY_RULE, kind, atMost })).toMatchObject({ kind, atMost: { bytes_out: 40_000 } });
    }
  });

  it.each(['', 'many', '1.5'])('leaves it to the server to refuse a bound of %j', (value) => {
    const rule = ruleOf({ ...EMPTY_RULE, atMost: [{ name: 'bytes_out', value }] });
    expect(extractorRule.safeParse(rule).error?.issues.map(({ path }) => path)).toEqual([['atMost', 'bytes_out']]);
  });
});

it.each([
  [{ kind: 'openai' }, null],
  [{ kind: 'openai', includeUsage: true, atMost: {} }, null],
  [
    { kind: 'openai', includeUsage: false, atMost: { bytes_out: 40_000 } },
    'Streams are not asked for usage. At most 40,000 bytes_out.',
  ],
  [{ kind: 'headers', headers: {}, atMost: { units: 3, pages: 9 } }, 'At most 3 units, 9 pages.'],
] as const)('ruleNotes of %j', (rule, text) => expect(ruleNotes(rule)).toBe(text));
