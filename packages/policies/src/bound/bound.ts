import type { ExtractorRule } from '@tollwright/contracts';
import { type EventData, NANO_USD_MAX, type Problem } from '@tollwright/core';
import { countsTokens } from '../extract/preset.ts';
import type { Priced, Tariff } from '../tariff.ts';
import { applyOutputCap, type CapReply, type OutputCap, readMessageCap, readOutputCap } from './output-cap.ts';
import { readPricedBody } from './priced-body.ts';
import { askForUsage, lacksUsage } from './usage-option.ts';
import { unboundedField, withOutput, worstFields } from './worst-fields.ts';

/** What a call asks for, as far as its price depends on it. `body` is null where the route's policies do not read it. */
export interface CallShape {
  readonly rule: ExtractorRule | null;
  readonly body: Buffer | null;
  /** Fields that are known before the call: `route`. */
  readonly known: EventData;
  /** The most bytes that a body which is not read may have. */
  readonly bodyBytesMax: number;
  /** How long the call may take before it is cut. */
  readonly durationMsMax: number;
}

/**
 * The most that a call can cost. `cap` is null where nothing is generated; `text` is the body as it was read, null where
 * it goes on unchanged. `asksUsage`: the stream is asked for its usage, which its caller did not ask for.
 */
export interface WorstCase {
  readonly data: EventData;
  readonly priced: Priced;
  readonly cap: OutputCap | null;
  readonly text: string | null;
  readonly inputBytes: number;
  readonly stream: boolean;
  readonly asksUsage: boolean;
}

export type BoundReply =
  | { readonly kind: 'bounded'; readonly worst: WorstCase }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Bounds a call before it is forwarded: input tokens by the bytes of the body, output tokens by the capped number of
 * choices. Refuses a call whose model has no price, or whose priced fields nothing bounds.
 */
export function boundCall(tariff: Tariff, shape: CallShape): BoundReply {
  const { rule, body } = shape;
  const unbounded = unboundedField(tariff, rule);
  if (unbounded !== null) return refuse(`Nothing bounds the field ${unbounded} before the call.`);
  const inputBytes = body?.length ?? 0;
  if (!countsTokens(rule) || inputBytes === 0) {
    const data = worstFields(tariff, shape, null, 0, 0);
    return priced(tariff, { data, cap: null, text: null, inputBytes, stream: false, asksUsage: false });
  }
  const read = readPricedBody(body as Buffer);
  if (read.kind === 'refused') return read;
  const { text, document } = read;
  const asked = capOf(rule, document, tariff.outputTokensMax);
  if (asked.kind === 'refused') return asked;
  const { cap } = asked;
  const data = worstFields(tariff, shape, document.model, inputBytes, cap.tokensPerChoice * cap.choices);
  const asksUsage = rule?.kind === 'openai' && rule.includeUsage !== false && lacksUsage(document);
  const kept = cap.asWritten && !asksUsage ? null : text;
  return priced(tariff, { data, cap, text: kept, inputBytes, stream: document.stream === true, asksUsage });
}

function capOf(
  rule: ExtractorRule | null,
  document: Readonly<Record<string, unknown>>,
  outputTokensMax: number,
): CapReply {
  return rule?.kind === 'anthropic'
    ? readMessageCap(document, outputTokensMax)
    : readOutputCap(document, outputTokensMax);
}

/** The same call with a smaller output cap. */
export function withOutputCap(tariff: Tariff, worst: WorstCase, tokensPerChoice: number): WorstCase {
  if (worst.cap === null) return worst;
  const data = withOutput(tariff, worst.data, tokensPerChoice * worst.cap.choices);
  return { ...worst, data, priced: tariff.priceWorst(data), cap: { ...worst.cap, tokensPerChoice } };
}

/**
 * The body to forward: with the cap that was priced and the question for usage written into it, or null where it goes on
 * unchanged.
 */
export function forwardedBody({ cap, text, asksUsage }: WorstCase): Buffer | null {
  if (cap === null || text === null) return null;
  const capped = cap.asWritten ? text : applyOutputCap(text, cap);
  return Buffer.from(asksUsage ? askForUsage(capped) : capped, 'utf8');
}

function priced(tariff: Tariff, call: Omit<WorstCase, 'priced'>): BoundReply {
  const result = tariff.priceWorst(call.data);
  const unpriced = result.rated.unpriced[0];
  if (unpriced !== undefined) return refuse(`The plan has no price for the model ${unpriced}.`);
  if (result.rated.amountNanoUsd > NANO_USD_MAX) return refuse('This call may cost more than any budget can hold.');
  const { data, cap, text, inputBytes, stream, asksUsage } = call;
  return { kind: 'bounded', worst: { data, priced: result, cap, text, inputBytes, stream, asksUsage } };
}

function refuse(detail: string): BoundReply {
  return { kind: 'refused', problem: { slug: 'unbounded-call', detail } };
}
