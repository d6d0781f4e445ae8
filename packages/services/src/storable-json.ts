import { toJson } from '@tollwright/contracts';

/**
 * JSON text that PostgreSQL's jsonb accepts: NUL and lone surrogates, which upstreams may well send in a model's name,
 * become U+FFFD. Bigints become decimal strings.
 */
export function toStorableJson(value: unknown): string {
  return toJson(value).replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '$1\\ufffd');
}
