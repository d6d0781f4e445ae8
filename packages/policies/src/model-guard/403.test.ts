import { describe, expect, it } from 'vitest';
import { callOf, problemOf, readyPolicy } from '../policy-harness.ts';

const policy = readyPolicy('model-guard', { models: ['gpt-small', 'claude-*'] });

describe('model-guard 403', () => {
  it.each([
    ['gpt-small', true],
    ['claude-opus', true],
    ['claude-', true],
    ['gpt-small-2', false],
    ['my-claude-x', false],
    ['', false],
  ])('the model %j: allowed is %s', (model, allowed) => {
    expect(problemOf(policy, callOf({ json: { model } })) === null).toBe(allowed);
  });

  it('names the model that was asked for', () => {
    expect(problemOf(policy, callOf({ json: { model: 'gpt-large' } }))).toMatchObject({
      slug: 'model-not-allowed',
      members: { model: 'gpt-large' },
    });
  });

  it.each([
    ['a model that is no text', { model: ['gpt-small'] }, 'model-not-allowed'],
    ['a list', [], 'bad-request'],
    ['null', null, 'bad-request'],
  ])('refuses %s', (_what, json, slug) => {
    expect(problemOf(policy, callOf({ json }))?.slug).toBe(slug);
  });

  it.each(['{"model":"gpt-small","model":"gpt-large"}', '{"model":"gpt-small","mod\\u0065l":"gpt-large"}', 'hello'])(
    'refuses %s, which an upstream may read otherwise',
    (text) => {
      expect(problemOf(policy, callOf({ text }))?.slug).toBe('bad-request');
    },
  );

  it('has no say in a call without a body', () => {
    expect(problemOf(policy, callOf())).toBeNull();
  });
});
