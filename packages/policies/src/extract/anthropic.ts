import { countOf, type Fields, hasUsage, isObject, type Json, putCount, putModel, totalOf } from './fields.ts';
import type { Preset } from './preset.ts';
import { addStrings, type TextTally } from './text-tally.ts';

/**
 * Anthropic-shaped messages. A stream says its input in `message_start` and its output, summed up so far, in
 * `message_delta`; the output count of `message_start` is a stand-in and is not read. `input_tokens` are those that no cache
 * served or took: `cache_read_input_tokens` and `cache_creation_input_tokens` come on top, and `total_tokens` is the sum.
 */
export const ANTHROPIC: Preset = { fold, addDelta, addAnswer, isUsageOnly: () => false };

function fold(fields: Fields, document: unknown): void {
  if (!isObject(document)) return;
  const starts = document.type === 'message_start';
  const body = starts ? document.message : document;
  if (!isObject(body)) return;
  putModel(fields, body.model);
  if (!isObject(body.usage)) return;
  foldUsage(fields, body.usage, starts);
}

function foldUsage(fields: Fields, usage: Json, starts: boolean): void {
  putCount(fields, 'input_tokens', usage.input_tokens);
  putCount(fields, 'cache_creation_input_tokens', usage.cache_creation_input_tokens);
  putCount(fields, 'cache_read_input_tokens', usage.cache_read_input_tokens);
  if (!starts) putCount(fields, 'output_tokens', usage.output_tokens);
  if (hasUsage(fields)) fields.total_tokens = totalOf(fields);
}

function addDelta(tally: TextTally, document: unknown): boolean {
  if (!isObject(document) || typeof document.type !== 'string') return false;
  const text = document.type === 'content_block_delta' ? document.delta : document.content_block;
  if (text !== undefined) addStrings(tally, countOf(document.index) ?? 0, text);
  return true;
}

function addAnswer(tally: TextTally, document: unknown): boolean {
  if (!isObject(document) || !Array.isArray(document.content)) return false;
  for (const [place, block] of document.content.entries()) addStrings(tally, place, block);
  return true;
}
