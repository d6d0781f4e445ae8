import { z } from 'zod';

/** The name of one of several policies of a type; the same name at a narrower level replaces it. */
export const policyName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .max(48)
  .default('default')
  .describe('Name of this limit. A narrower level replaces the one of the same name; others are kept beside it.');

/** An HTTP header name in lower case. */
export const headerName = z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be a header name in lower case');

/** A whole number that may be larger than JSON numbers hold: decimal text, at most 9*10^15. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,16}$/, { error: 'must be a whole number as text', abort: true })
  .refine((text) => BigInt(text) <= 9_000_000_000_000_000n, 'must be at most 9000000000000000');
