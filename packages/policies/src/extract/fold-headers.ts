import type { ExtractorRule } from '@tollwright/contracts';
import { type Fields, TEXT_LENGTH_MAX } from './fields.ts';

const NUMBER = /^\d{1,15}(?:\.\d{1,9})?$/;

/**
 * Reads the headers that a rule names into event fields: a number where the header says nothing but one, else text. `headers`
 * are named in lower case. A header that is missing, or given more than once, writes nothing.
 */
export function foldHeaders(
  rule: Extract<ExtractorRule, { kind: 'headers' }>,
  fields: Fields,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): void {
  for (const [name, header] of Object.entries(rule.headers)) {
    const value = Object.hasOwn(headers, header) ? headers[header] : undefined;
    if (typeof value !== 'string') continue;
    const text = value.trim();
    fields[name] = NUMBER.test(text) ? Number(text) : text.slice(0, TEXT_LENGTH_MAX);
  }
}
