import { countOf, type Fields, isObject, type Json, putCount, putModel } from './fields.ts';
import type { Preset } from './preset.ts';
import { addStrings, type TextTally } from './text-tally.ts';

const INPUT_DETAILS = [
  ['cached_tokens', 'cached_input_tokens'],
  ['audio_tokens', 'input_audio_tokens'],
] as const;
const OUTPUT_DETAILS = [
  ['reasoning_tokens', 'reasoning_tokens'],
  ['audio_tokens', 'output_audio_tokens'],
  ['accepted_prediction_tokens', 'accepted_prediction_tokens'],
  ['rejected_prediction_tokens', 'rejected_prediction_tokens'],
] as const;

/**
 * OpenAI-shaped answers. Chat completions and legacy completions say `usage.prompt_tokens`, responses say
 * `usage.input_tokens`; the events of a streamed response wrap it in `response`. `cached_input_tokens` and
 * `input_audio_tokens` are part of `input_tokens`, `reasoning_tokens` and `output_audio_tokens` of `output_tokens`.
 */
export const OPENAI: Preset = { fold, addDelta, addAnswer, isUsageOnly };

function fold(fields: Fields, document: unknown): void {
  if (!isObject(document)) return;
  const body = isObject(document.response) ? document.response : document;
  putModel(fields, body.model);
  const { usage } = body;
  if (!isObject(usage)) return;
  const input = countOf(usage.prompt_tokens) ?? countOf(usage.input_tokens);
  const total = countOf(usage.total_tokens);
  const output = countOf(usage.completion_tokens) ?? countOf(usage.output_tokens) ?? restOf(usage, input, total);
  if (input !== null) fields.input_tokens = input;
  if (output !== null) fields.output_tokens = output;
  if (total !== null) fields.total_tokens = total;
  else if (input !== null && output !== null) fields.total_tokens = input + output;
  foldDetails(fields, usage.prompt_tokens_details ?? usage.input_tokens_details, INPUT_DETAILS);
  foldDetails(fields, usage.completion_tokens_details ?? usage.output_tokens_details, OUTPUT_DETAILS);
}

/** Embeddings generate nothing and report no output: it is what is left of the total. */
function restOf(usage: Json, input: number | null, total: number | null): number | null {
  if (usage.completion_tokens !== undefined || usage.output_tokens !== undefined) return null;
  return input === null || total === null || total < input ? null : total - input;
}

function foldDetails(fields: Fields, details: unknown, names: typeof INPUT_DETAILS | typeof OUTPUT_DETAILS): void {
  if (!isObject(details)) return;
  for (const [theirs, ours] of names) putCount(fields, ours, details[theirs]);
}

function addDelta(tally: TextTally, document: unknown): boolean {
  if (!isObject(document)) return false;
  const { choices, delta, type } = document;
  if (Array.isArray(choices)) {
    addChoices(tally, choices);
    return true;
  }
  // Base64 of sound is no text; its transcript comes in events of its own.
  if (typeof delta === 'string' && type !== 'response.audio.delta' && type !== 'response.output_audio.delta') {
    tally.add(countOf(document.output_index) ?? 0, delta);
  }
  return typeof type === 'string' || typeof delta === 'string';
}

function addAnswer(tally: TextTally, document: unknown): boolean {
  if (!isObject(document)) return false;
  const { choices, output } = document;
  if (Array.isArray(choices)) addChoices(tally, choices);
  else if (Array.isArray(output)) for (const [place, item] of output.entries()) addStrings(tally, place, item);
  else return false;
  return true;
}

function addChoices(tally: TextTally, choices: readonly unknown[]): void {
  for (const choice of choices) {
    if (!isObject(choice)) continue;
    addStrings(tally, countOf(choice.index) ?? 0, choice.delta ?? choice.message ?? choice.text);
  }
}

function isUsageOnly(document: unknown): boolean {
  return (
    isObject(document) && Array.isArray(document.choices) && document.choices.length === 0 && isObject(document.usage)
  );
}
