import { ProblemError } from '@tollwright/core';
import { z } from 'zod';
import { issueWords } from './issue-words.ts';

// For every schema of this process: a procedure's own checks its input before the verb does.
z.config({ customError: issueWords });

/** Reads a verb's input. Throws `invalid-input` with every error: `errors: [{ path, message }]`. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const detail = errors.map((error) => (error.path ? `${error.path}: ${error.message}` : error.message)).join('; ');
  throw new ProblemError({ slug: 'invalid-input', detail, members: { errors } });
}
