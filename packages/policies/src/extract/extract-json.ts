import type { ExtractorRule } from '@tollwright/contracts';
import { fold, isComplete } from './fold.ts';
import type { Fields } from './openai.ts';

/** What a rule reads in an answer. `complete` is false where usage or a named path is missing. */
export type Extraction =
  | { readonly kind: 'extracted'; readonly fields: Fields; readonly complete: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a whole JSON answer by a rule: the gateway's meter and the portal's live test of a pasted answer. */
export function extractJson(rule: ExtractorRule, text: string): Extraction {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : 'not JSON' };
  }
  const fields: Fields = {};
  fold(rule, fields, document);
  return { kind: 'extracted', fields, complete: isComplete(rule, fields) };
}
