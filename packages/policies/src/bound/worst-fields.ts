import type { ExtractorRule } from '@tollwright/contracts';
import type { EventData } from '@tollwright/core';
import { countsTokens } from '../extract/preset.ts';
import type { Tariff } from '../tariff.ts';
import type { CallShape } from './bound.ts';

type Fields = Record<string, string | number | boolean | null>;

/** Details that are part of the input, or come on top of it from the same bytes. */
const INPUT_DETAILS: ReadonlySet<string> = new Set([
  'cached_input_tokens',
  'input_audio_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
]);
const OUTPUT_DETAILS: ReadonlySet<string> = new Set([
  'reasoning_tokens',
  'output_audio_tokens',
  'accepted_prediction_tokens',
  'rejected_prediction_tokens',
]);

/** The first field that the plan prices or limits, that calls of this rule may report, and that nothing bounds; or null. */
export function unboundedField(tariff: Tariff, rule: ExtractorRule | null): string | null {
  if (tariff.boundFields.size === 0) return null;
  const bounded = (name: string) => !tariff.boundFields.has(name) || rule?.atMost?.[name] !== undefined;
  if (!bounded('bytes_out')) return 'bytes_out';
  const own = rule?.kind === 'json' ? rule.fields : rule?.kind === 'headers' ? rule.headers : {};
  for (const name in own) if (!bounded(name)) return name;
  return null;
}

/** Every field that a price may depend on, at the most that the call can report. */
export function worstFields(
  tariff: Tariff,
  shape: CallShape,
  model: unknown,
  inputTokens: number,
  outputTokens: number,
): EventData {
  const data: Fields = {};
  for (const name in shape.known) data[name] = shape.known[name] ?? null;
  if (countsTokens(shape.rule)) {
    if (typeof model === 'string') data.model = model;
    data.input_tokens = inputTokens;
    data.output_tokens = outputTokens;
    data.total_tokens = inputTokens + outputTokens;
  }
  for (const name of tariff.boundFields) {
    if (data[name] !== undefined) continue;
    const most = mostOf(name, shape, inputTokens, outputTokens);
    if (most !== undefined) data[name] = most;
  }
  return data;
}

/** The same fields with less output. */
export function withOutput(tariff: Tariff, worst: EventData, outputTokens: number): EventData {
  const data: Fields = { ...worst, output_tokens: outputTokens };
  data.total_tokens = Number(worst.input_tokens) + outputTokens;
  for (const name of tariff.boundFields) if (OUTPUT_DETAILS.has(name)) data[name] = outputTokens;
  return data;
}

function mostOf(name: string, shape: CallShape, inputTokens: number, outputTokens: number): number | undefined {
  if (name === 'bytes_in') return shape.body?.length ?? shape.bodyBytesMax;
  if (name === 'duration_ms') return shape.durationMsMax;
  const declared = shape.rule?.atMost?.[name];
  if (declared !== undefined || !countsTokens(shape.rule)) return declared;
  if (INPUT_DETAILS.has(name)) return inputTokens;
  return OUTPUT_DETAILS.has(name) ? outputTokens : undefined;
}
