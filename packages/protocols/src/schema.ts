import type { z } from 'zod';
import { malformed, ok, type Parsed } from './parsed.ts';

/** Reads a value by a schema. The reason names the member that is wrong; `whole` stands for the value itself. */
export function parseBy<T>(schema: z.ZodType<T>, value: unknown, whole: string): Parsed<T> {
  const read = schema.safeParse(value);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return malformed(issue === undefined ? 'unreadable' : `${issue.path.join('.') || whole}: ${issue.message}`);
}
