import { isUtf8 } from 'node:buffer';
import type { Problem } from '@tollwright/core';

/** Members of a request body that its price depends on. */
export const PRICED_NAMES = [
  'model',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'n',
  'best_of',
  'stream',
  'stream_options',
  'messages',
  'prompt',
  'input',
] as const;

const PRICED = new Set<string>(PRICED_NAMES);
const QUOTED = new RegExp(`"(?:${PRICED_NAMES.join('|')})"`, 'g');

/** A JSON request body that reads the same to everyone. */
export type PricedBody =
  | { readonly kind: 'read'; readonly text: string; readonly document: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Parses a body once. Refuses what two parsers could read differently among the priced names: duplicates, names that
 * differ by case only, and text that is not UTF-8.
 */
export function readPricedBody(body: Buffer): PricedBody {
  if (!isUtf8(body)) return refuse('unsupported-media-type', 'The body is not UTF-8.');
  const text = body.toString('utf8');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refuse('bad-request', 'The body is not JSON.');
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return refuse('bad-request', 'The body must be a JSON object.');
  }
  for (const name of Object.keys(document)) {
    if (!PRICED.has(name) && PRICED.has(name.toLowerCase())) {
      return refuse('bad-request', `The member ${JSON.stringify(name)} must be written ${name.toLowerCase()}.`);
    }
  }
  return { kind: 'read', text, document: document as Record<string, unknown> };
}

/** True when no priced name can occur twice: a cheap look before the members are listed one by one. */
export function surelyUnique(text: string): boolean {
  if (text.includes('\\u')) return false;
  let seen = ',';
  QUOTED.lastIndex = 0;
  for (let found = QUOTED.exec(text); found !== null; found = QUOTED.exec(text)) {
    if (seen.includes(found[0])) return false;
    seen += found[0];
  }
  return true;
}

/** The first priced name that occurs twice, or null. */
export function duplicateOf(members: readonly { readonly name: string }[]): string | null {
  const seen = new Set<string>();
  for (const { name } of members) {
    if (!PRICED.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

function refuse(slug: Problem['slug'], detail: string): PricedBody {
  return { kind: 'refused', problem: { slug, detail } };
}
