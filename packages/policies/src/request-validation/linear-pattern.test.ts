import type { RequestSchema } from '@tollwright/contracts';
import { describe, expect, it } from 'vitest';
import { callOf, problemOf, readyPolicy } from '../policy-harness.ts';
import { linearPatterns } from './linear-pattern.ts';
import { requestSchemaProblem } from './validator.ts';

const LONG = 'a'.repeat(20_000);

const schemaOf = (pattern: string): RequestSchema => ({
  parameters: [],
  body: { required: true, schema: { type: 'object', properties: { name: { type: 'string', pattern } } } },
  definitions: {},
});

describe('patterns of documents', () => {
  // With JavaScript's engine the first three never end.
  it.each(['^(a+)+$', '^(a|a)*$', '^(\\p{L}+)+$', '^(a{1,30}){1,30}$'])(
    '%s meets a long text, and is done',
    (pattern) => {
      const policy = readyPolicy(
        'request-validation',
        {},
        { level: 'route', route: { requestSchema: schemaOf(pattern) } },
      );
      expect(problemOf(policy, callOf({ json: { name: `${LONG}!` } }))?.members?.errors).toEqual([
        { path: 'name', message: `must match pattern "${pattern}"` },
      ]);
      expect(problemOf(policy, callOf({ json: { name: 'aaa' } }))).toBeNull();
    },
  );

  it.each([
    ['^\\d{4}-\\d{2}$', '2026-11', '2026-1'],
    ['^\\u00e9\\/[a-z\\d_-]{3,16}$', 'é/ab_1', 'e/ab_1'],
    ['(?<year>\\d{4})', 'in 2026', 'in 26'],
    ['^.$', '😀', '😀😀'],
    ['^[^\\s]+$', 'word', 'two words'],
  ])('%s means what it means in JavaScript', (pattern, right, wrong) => {
    const [ours, theirs] = [linearPatterns(pattern), new RegExp(pattern, 'u')];
    expect([ours.test(right), ours.test(wrong)]).toEqual([true, false]);
    expect([theirs.test(right), theirs.test(wrong)]).toEqual([true, false]);
  });

  it.each(['^(?=a)b', '(?<!x)a', '^(a+)\\1$'])('%s is refused before it is published, and named', (pattern) => {
    expect(requestSchemaProblem(schemaOf(pattern), '/names')).toBe(
      `the pattern ${pattern} cannot be run in linear time: leave out lookaround and backreferences`,
    );
  });
});
