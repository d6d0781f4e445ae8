import type { ExtractorRule } from '@tollwright/contracts';
import { type EventData, NANO_USD_MAX, type Problem } from '@tollwright/core';
import type { Priced, Tariff } from '../tariff.ts';
import { topLevelMembers } from './members.ts';
import { applyOutputCap, type OutputCap, readOutputCap } from './output-cap.ts';
import { duplicateOf, readPricedBody, surelyUnique } from './priced-body.ts';

/** What a call asks for, as far as its price depends on it. `body` is null where the route's policies do not read it. */
export interface CallShape {
  readonly rule: ExtractorRule | null;
  readonly body: Buffer | null;
  /** Fields that are known before the call: `route`. */
  readonly known: EventData;
}

/**
 * The most that a call can cost. `cap` is null where nothing is generated; `text` is the body as it was read, null where
 * it goes on unchanged.
 */
export interface WorstCase {
  readonly data: EventData;
  readonly priced: Priced;
  readonly cap: OutputCap | null;
  readonly text: string | null;
  readonly inputBytes: number;
  readonly stream: boolean;
}

export type BoundReply =
  | { readonly kind: 'bounded'; readonly worst: WorstCase }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Bounds a call before it is forwarded: input tokens by the bytes of the body, output tokens by the capped number of
 * choices. Refuses a call whose model has no price, or whose priced fields nothing bounds.
 */
export function boundCall(tariff: Tariff, shape: CallShape): BoundReply {
  const { rule, body, known } = shape;
  if (rule?.kind === 'json') {
    const unbounded = Object.keys(rule.fields).find((name) => tariff.boundFields.has(name));
    if (unbounded !== undefined) return refuse(`Nothing bounds the field ${unbounded} before the call.`);
  }
  if (rule?.kind !== 'openai' || body === null || body.length === 0) {
    const data = rule?.kind === 'openai' ? worstData(known, null, 0, 0) : known;
    return priced(tariff, { data, cap: null, text: null, inputBytes: body?.length ?? 0, stream: false });
  }
  const read = readPricedBody(body);
  if (read.kind === 'refused') return read;
  const { text, document } = read;
  const duplicate = surelyUnique(text) ? null : duplicateOf(topLevelMembers(text));
  if (duplicate !== null) {
    return { kind: 'refused', problem: { slug: 'bad-request', detail: `The member ${duplicate} occurs twice.` } };
  }
  const asked = readOutputCap(document, tariff.outputTokensMax);
  if (asked.kind === 'refused') return asked;
  const { cap } = asked;
  const data = worstData(known, document.model, body.length, cap.tokensPerChoice * cap.choices);
  const kept = cap.asWritten ? null : text;
  return priced(tariff, { data, cap, text: kept, inputBytes: body.length, stream: document.stream === true });
}

/** The same call with a smaller output cap. */
export function withOutputCap(tariff: Tariff, worst: WorstCase, tokensPerChoice: number): WorstCase {
  if (worst.cap === null) return worst;
  const data = worstData(worst.data, worst.data.model, worst.inputBytes, tokensPerChoice * worst.cap.choices);
  return { ...worst, data, priced: tariff.price(data), cap: { ...worst.cap, tokensPerChoice } };
}

/** The body to forward: with the cap that was priced written into it, or null where it goes on unchanged. */
export function forwardedBody(worst: WorstCase): Buffer | null {
  if (worst.cap === null || worst.text === null) return null;
  return Buffer.from(applyOutputCap(worst.text, worst.cap), 'utf8');
}

function priced(tariff: Tariff, call: Omit<WorstCase, 'priced'>): BoundReply {
  const result = tariff.price(call.data);
  const unpriced = result.rated.unpriced[0];
  if (unpriced !== undefined) return refuse(`The plan has no price for the model ${unpriced}.`);
  if (result.rated.amountNanoUsd > NANO_USD_MAX) return refuse('This call may cost more than any budget can hold.');
  const { data, cap, text, inputBytes, stream } = call;
  return { kind: 'bounded', worst: { data, priced: result, cap, text, inputBytes, stream } };
}

function worstData(known: EventData, model: unknown, input: number, output: number): EventData {
  const data: Record<string, string | number | boolean | null> = {};
  for (const name in known) data[name] = known[name] ?? null;
  if (typeof model === 'string') data.model = model;
  data.input_tokens = input;
  data.output_tokens = output;
  data.total_tokens = input + output;
  return data;
}

function refuse(detail: string): BoundReply {
  return { kind: 'refused', problem: { slug: 'unbounded-call', detail } };
}
