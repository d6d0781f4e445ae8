import { isUtf8 } from 'node:buffer';
import type { Problem } from '@tollwright/core';
import { topLevelMembers } from './members.ts';

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
  'previous_response_id',
  'conversation',
] as const;

const PLAIN = /^[a-z0-9_]*$/;
const PRICED = new Set<string>(PRICED_NAMES);
const BY_LETTERS = new Map<string, string>(PRICED_NAMES.map((name) => [lettersOf(name), name]));
const QUOTED = new RegExp(`"(?:${PRICED_NAMES.join('|')})"`, 'g');

/** A JSON request body that reads the same to everyone. */
export type PricedBody =
  | { readonly kind: 'read'; readonly text: string; readonly document: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Parses a body once. Refuses what two parsers could read differently: text that is not UTF-8, and among the priced names
 * duplicates, other spellings, and a `model` or `stream` of another type than they have.
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
  const detail = twoReadings(text, document);
  if (detail !== null) return refuse('bad-request', detail);
  return mistyped(document) ?? { kind: 'read', text, document: document as Record<string, unknown> };
}

/** Why two parsers may read another value under a priced name of this object, or null. */
export function twoReadings(text: string, document: object): string | null {
  for (const name of Object.keys(document)) {
    const meant = PRICED.has(name) ? undefined : BY_LETTERS.get(lettersOf(name));
    if (meant !== undefined) return `The member ${JSON.stringify(name)} must be written ${meant}.`;
  }
  const duplicate = surelyUnique(text) ? null : duplicateOf(topLevelMembers(text));
  return duplicate === null ? null : `The member ${duplicate} occurs twice.`;
}

/**
 * What a lenient decoder makes of a name: letters without case, accents or width, and nothing else. A long s is an s to it,
 * and `maxTokens` or a name that goes on behind a NUL is `max_tokens`.
 */
function lettersOf(name: string): string {
  if (PLAIN.test(name)) return name.replaceAll('_', '');
  const [visible = ''] = name.split('\0', 1);
  return visible
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Refuses what a lenient upstream would convert: a list of one model, a number or a text for true. */
function mistyped({ model, stream }: { readonly model?: unknown; readonly stream?: unknown }): PricedBody | null {
  const errors: { readonly path: string; readonly message: string }[] = [];
  if (model !== undefined && model !== null && typeof model !== 'string') {
    errors.push({ path: 'model', message: 'must be a string' });
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    errors.push({ path: 'stream', message: 'must be true or false' });
  }
  if (errors.length === 0) return null;
  const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  return { kind: 'refused', problem: { slug: 'invalid-input', detail, members: { errors } } };
}

/** True when no priced name can occur twice: a cheap look before the members are listed one by one. */
function surelyUnique(text: string): boolean {
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
function duplicateOf(members: readonly { readonly name: string }[]): string | null {
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
