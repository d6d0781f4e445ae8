import type { ExtractorRule } from '@tollwright/contracts';
import { ANTHROPIC } from './anthropic.ts';
import type { Fields } from './fields.ts';
import { OPENAI } from './openai.ts';
import type { TextTally } from './text-tally.ts';

/** How the answers of a family of APIs are read. */
export interface Preset {
  /** Folds a whole answer, or one document of a stream, into event fields. Later documents overwrite earlier ones. */
  fold(fields: Fields, document: unknown): void;
  /** Adds the text that one document of a stream delivers; false where its shape is not known. */
  addDelta(tally: TextTally, document: unknown): boolean;
  /** Adds the text that a whole answer delivers; false where its shape is not known. */
  addAnswer(tally: TextTally, document: unknown): boolean;
  /** Whether a document carries usage and nothing else: the chunk that a stream sends because it was asked for usage. */
  isUsageOnly(document: unknown): boolean;
}

/** The preset that a rule names, or null where it names fields of its own. */
export function presetOf(rule: ExtractorRule | null): Preset | null {
  if (rule === null) return null;
  if (rule.kind === 'openai') return OPENAI;
  return rule.kind === 'anthropic' ? ANTHROPIC : null;
}

/** Whether a rule prices calls by their tokens, so that the gateway has to read the request. */
export function countsTokens(rule: ExtractorRule | null): boolean {
  return rule?.kind === 'openai' || rule?.kind === 'anthropic';
}

/** Whether a rule reads the body of an answer, which then has to be readable. */
export function readsAnswer(rule: ExtractorRule | null): boolean {
  return rule !== null && rule.kind !== 'headers';
}
