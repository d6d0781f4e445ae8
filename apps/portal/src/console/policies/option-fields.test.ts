import { describePolicyTypes } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import { fieldsOf, type OptionField, wordsOf } from './option-fields.ts';

const kindsOf = (fields: readonly OptionField[]) =>
  Object.fromEntries(fields.map((field) => [field.name, 'of' in field ? `${field.kind} of ${field.of}` : field.kind]));
const schemaOf = (type: string) => describePolicyTypes().find((one) => one.type === type)?.optionsSchema ?? {};

describe('fieldsOf', () => {
  it.each([
    ['api-key', { bearer: 'switch', headers: 'lines of text', basic: 'choice' }],
    ['model-guard', { models: 'lines of text', outputTokensMax: 'number', aboveMax: 'choice' }],
    ['budget', { outputTokensMin: 'number', thresholds: 'lines of number' }],
    [
      'monetization',
      {
        ...{ requires: 'lines of text', grants: 'lines of text', tiers: 'record of lines' },
        ...{ otherModels: 'text', quantity: 'text' },
      },
    ],
    [
      'headers',
      {
        ...{ stripRequest: 'lines of text', setRequest: 'record of text' },
        ...{ stripResponse: 'lines of text', setResponse: 'record of text' },
      },
    ],
    [
      'quota',
      {
        ...{ name: 'text', meters: 'lines of text', limit: 'decimal', period: 'choice', anchor: 'text', by: 'choice' },
        ...{ onExhausted: 'choice', overageUsdPerUnit: 'decimal' },
      },
    ],
  ])('reads the options of %s', (type, kinds) => {
    expect(kindsOf(fieldsOf(schemaOf(type)))).toEqual(kinds);
  });

  it('reads rows of fields', () => {
    const counters = fieldsOf(schemaOf('complex-rate-limit')).find(({ name }) => name === 'counters');
    expect(counters?.kind === 'rows' && kindsOf(counters.fields)).toEqual({
      ...{ name: 'text', counts: 'choice', field: 'text', limit: 'decimal', period: 'choice' },
    });
  });

  it('finds fields for every option of every type, with labels, hints and what is required', () => {
    for (const { type, optionsSchema } of describePolicyTypes()) {
      const fields = fieldsOf(optionsSchema);
      const required = (optionsSchema.required ?? []) as string[];
      expect([type, fields.filter((field) => field.required).map(({ name }) => name)]).toEqual([type, required]);
      expect([type, fields.filter(({ kind, hint, label }) => kind === 'json' || !hint || !label)]).toEqual([type, []]);
    }
  });

  it('takes what no other kind can hold as JSON', () => {
    const nested = { type: 'object', properties: { a: { type: 'string' } } };
    const either = { anyOf: [{ type: 'string' }, { type: 'integer' }] };
    const properties = { nested, either, list: { type: 'array', items: either } };
    expect(kindsOf(fieldsOf({ type: 'object', properties }))).toEqual({ nested: 'json', either: 'json', list: 'json' });
  });
});

describe('wordsOf', () => {
  it.each([
    ['overageUsdPerUnit', 'Overage USD per unit'],
    ['token-bucket', 'Token bucket'],
    ['input_tokens', 'Input tokens'],
    ['ip', 'IP'],
  ])('%s reads %s', (name, words) => expect(wordsOf(name)).toBe(words));
});
