import { describePolicyTypes, policyTypeOf } from '@tollwright/policies';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from './option-fields.ts';
import { draftOf, type OptionsDraft, optionsOf } from './options-draft.ts';

const fieldsOfType = (type: string) =>
  fieldsOf(describePolicyTypes().find((one) => one.type === type)?.optionsSchema ?? {});

function throughForm(type: string, written: Record<string, unknown>) {
  const fields = fieldsOfType(type);
  const options = policyTypeOf(type)?.options.parse(written) ?? {};
  const typed = optionsOf(fields, draftOf(fields, options));
  return { options, sent: typed.kind === 'options' ? policyTypeOf(type)?.options.parse(typed.options) : typed };
}

function typed(type: string, changed: OptionsDraft) {
  const fields = fieldsOfType(type);
  return optionsOf(fields, { ...draftOf(fields, {}), ...changed });
}

describe('draftOf and optionsOf', () => {
  it.each([
    ['api-key', {}],
    ['api-key', { bearer: false, headers: [], basic: 'password' }],
    ['budget', { thresholds: [10, 20] }],
    ['model-guard', { models: ['gpt-*', 'o3'], outputTokensMax: null }],
    ['model-guard', { outputTokensMax: 5, aboveMax: 'refuse' }],
    ['headers', { setRequest: { 'x-a': '{plan}', 'x-b': '' }, stripResponse: ['server'] }],
    ['monetization', { tiers: { premium_tokens: ['large', 'larger'], standard_tokens: [] } }],
    ['quota', { meters: ['a', 'b'], limit: '9000000000000000', overageUsdPerUnit: '0.000001' }],
    ['rate-limit', { limit: 5, limitsByPlan: { pro: 100 } }],
    ['complex-rate-limit', { counters: [{ name: 'dollars', counts: 'usd', limit: '0.5' }] }],
  ])('are each other for %s %j', (type, written) => {
    const { options, sent } = throughForm(type, written);
    expect(sent).toEqual(options);
  });
});

describe('optionsOf', () => {
  it('leaves empty texts and numbers to their defaults', () => {
    expect(typed('rate-limit', { limit: ' ', name: '', windowSeconds: '1,000' })).toMatchObject({
      kind: 'options',
      options: { windowSeconds: 1_000 },
    });
    const read = typed('rate-limit', { limit: ' ', name: '' });
    expect(read.kind === 'options' && Object.keys(read.options)).not.toContain('limit');
  });

  it('trims lines and leaves empty ones out', () => {
    const read = typed('scopes', { scopes: ' chat:write \n\nfiles:read\n' });
    expect(read).toMatchObject({ options: { scopes: ['chat:write', 'files:read'] } });
  });

  it('names every field that is no number, and every name that stands twice', () => {
    const limits = [
      { name: 'pro', value: '5' },
      { name: 'pro', value: 'many' },
      { name: '', value: '' },
    ];
    expect(typed('rate-limit', { limit: 'five', limitsByPlan: limits })).toEqual({
      kind: 'wrong',
      errors: { limit: 'Write a number.', 'limitsByPlan.pro': 'Write a number.' },
    });
    const headers = [
      { name: 'x-a', value: '1' },
      { name: 'x-a', value: '2' },
    ];
    expect(typed('headers', { setRequest: headers })).toEqual({
      kind: 'wrong',
      errors: { 'setRequest.x-a': 'This name stands above.' },
    });
    expect(typed('budget', { thresholds: '50\nmost' })).toEqual({
      kind: 'wrong',
      errors: { 'thresholds.1': 'Write a number.' },
    });
  });

  it('takes JSON where nothing else fits', () => {
    const fields = fieldsOf({ properties: { deep: { type: 'object', properties: { a: { type: 'object' } } } } });
    expect(optionsOf(fields, { deep: '{"a":{}}' })).toEqual({ kind: 'options', options: { deep: { a: {} } } });
    expect(optionsOf(fields, { deep: '{' })).toEqual({ kind: 'wrong', errors: { deep: 'This is not JSON.' } });
  });
});
