import type { ExtractorRule } from '@tollwright/contracts';
import type { Fields } from './fields.ts';
import { fold, isComplete } from './fold.ts';

/** What a rule reads in an answer. `complete` is false where usage or a named path is missing. */
export type Extraction =
  | { readonly kind: 'extracted'; readonly fields: Fields; readonly complete: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a whole JSON answer by a rule. */
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
