import { describe, expect, it } from 'vitest';
import { EMPTY_RULE, ruleOf } from './rule-draft.ts';

describe('ruleOf', () => {
  it('takes the preset without its fields', () => expect(ruleOf(EMPTY_RULE)).toEqual({ kind: 'openai' }));

  it('trims names and paths and leaves empty lines out', () => {
    const fields = [
      { name: ' tokens ', path: ' $.usage.total ' },
      { name: '', path: ' ' },
    ];
    expect(ruleOf({ kind: 'json', fields })).toEqual({ kind: 'json', fields: { tokens: '$.usage.total' } });
  });
});
