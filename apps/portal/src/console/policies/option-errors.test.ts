import { describe, expect, it } from 'vitest';
import { errorWithin, policyErrors } from './option-errors.ts';

describe('policyErrors', () => {
  it('keeps what is about the options of the policy apart from all else', () => {
    const fields = {
      'policies.1.options.limit': 'Is missing.',
      'policies.1.options': 'A cap that is clamped cannot be shadowed.',
      'policies.1.shadow': 'This policy always holds.',
      'policies.11.options.limit': 'Is missing there.',
    };
    expect(policyErrors(fields, 1)).toEqual({
      options: { limit: 'Is missing.' },
      others: ['A cap that is clamped cannot be shadowed.', 'This policy always holds.', 'Is missing there.'],
    });
  });
});

describe('errorWithin', () => {
  const errors = { 'scopes.1': 'Must be a word.', 'tiers.premium': 'Must not be empty.', limit: 'Is missing.' };
  it.each([
    ['limit', 'Is missing.'],
    ['scopes', 'Line 2: must be a word.'],
    ['tiers', 'Must not be empty.'],
    ['scope', undefined],
  ])('%s reads %s', (path, words) => expect(errorWithin(errors, path)).toBe(words));
});
