import { describe, expect, it } from 'vitest';
import { EMPTY_RULE, ruleOf } from './rule-draft.ts';

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
});
