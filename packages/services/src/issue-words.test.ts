import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parse } from './parse.ts';

function refusalOf(schema: z.ZodType, input: unknown): string {
  try {
    parse(z.object({ field: schema }), { field: input });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('parse', () => {
  it.each([
    ['an empty text', z.string().trim().min(1), ' ', 'invalid-input: field: must not be empty'],
    ['a short text', z.string().min(10), 'short', 'invalid-input: field: must have at least 10 characters'],
    ['a long text', z.string().max(3), 'long', 'invalid-input: field: must have at most 3 characters'],
    ['a small number', z.int().min(1), 0, 'invalid-input: field: must be at least 1'],
    ['too many entries', z.array(z.string()).max(1), ['a', 'b'], 'invalid-input: field: must have at most 1 entry'],
    ['nothing', z.string(), undefined, 'invalid-input: field: is missing'],
    ['another type', z.string(), 5, 'invalid-input: field: must be a string'],
    ['another word', z.enum(['day', 'month']), 'year', 'invalid-input: field: must be one of day, month'],
    ['no address', z.email(), 'somebody', 'invalid-input: field: must be an e-mail address'],
    ['an unknown member', z.strictObject({}), { x: 1 }, 'invalid-input: field: has members that nobody reads: x'],
    [
      'what the schema has words for',
      z.string().regex(/^a/, 'must begin with a'),
      'b',
      'invalid-input: field: must begin with a',
    ],
  ])('says in plain words what is wrong with %s', (_name, schema, input, words) => {
    expect(refusalOf(schema, input)).toBe(words);
  });
});
