import type { IncomingHttpHeaders } from 'node:http';
import type { ExtractorRule } from '@tollwright/contracts';
import { type Fields, foldHeaders } from '@tollwright/policies';
import { JsonMeter } from './json-meter.ts';
import { SseMeter } from './sse-meter.ts';
import { loadTokenCounter } from './token-counter.ts';

/** What was consumed, as far as an answer tells. `estimated`: some of it was worked out from texts or bytes. */
export interface Reading {
  readonly fields: Fields;
  readonly estimated: boolean;
}

/** What a meter needs to know of the call: to estimate what an answer does not say, and to stop what nobody pays for. */
export interface MeterBasis {
  /** The request body as it was priced, null where it was not read. */
  readonly request: Buffer | null;
  readonly outputTokensBound: number;
  /** Leaves out of a stream the chunk that was asked for on the caller's behalf. */
  readonly dropsUsage: boolean;
  /**
   * Whether what was used is worth more than what is held for it. Asked only once the output is beyond its bound; null where
   * nothing was held for output.
   */
  readonly isOverHold: ((reading: Reading) => boolean) | null;
}

/** Watches an answer pass and tells what it consumed. */
export interface ResponseMeter {
  /** Takes what the upstream sent; answers what the caller gets of it now, null for nothing. Changes no byte. */
  push(chunk: Buffer): Buffer | null;
  /** The answer is over: what came without a line break counts too. Answers what was held back until its end. */
  end(): Buffer | null;
  /** What was consumed so far, tokens estimated by their bytes. May be asked at any byte, and disturbs nothing. */
  progress(): Reading;
  /** What was consumed in the end, tokens estimated by the tokenizer if it is loaded. */
  reading(): Reading;
  /** Whether `reading` has to count tokens that nobody reported. */
  readonly countsTokens: boolean;
  /** Whether the answer used up what is held for it, so that the rest of it is not passed on. */
  readonly isSpent: boolean;
}

/** An answer's head, as far as it says how the body is read. */
export interface AnswerHead {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly headers: IncomingHttpHeaders;
}

export function headOf(headers: IncomingHttpHeaders): AnswerHead {
  const { 'content-type': contentType = '', 'content-encoding': contentEncoding = '' } = headers;
  return { contentType, contentEncoding, headers };
}

/** The meter for an answer's content type. `rule` null reads nothing. */
export function createMeter(rule: ExtractorRule | null, head: AnswerHead, basis: MeterBasis): ResponseMeter {
  if (rule === null) return NO_METER;
  if (rule.kind === 'headers') return headerMeter(rule, head.headers);
  const plain = isPlain(head.contentEncoding);
  if (plain && isEventStream(head.contentType)) return new SseMeter(rule, basis);
  return new JsonMeter(rule, basis, plain && isJson(head.contentType));
}

/** Whether a content encoding leaves the bytes as they are. */
export function isPlain(contentEncoding: string): boolean {
  return contentEncoding === '' || contentEncoding === 'identity';
}

/** Whether a content type is JSON as one document. */
export function isJson(contentType: string): boolean {
  return /^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(contentType);
}

export function isEventStream(contentType: string): boolean {
  return /^text\/event-stream\b/i.test(contentType);
}

/** Nothing was read. A fresh value: whoever gets a reading may add to its fields. */
export function nothingRead(): Reading {
  return { fields: {}, estimated: false };
}

/** Brings in the tokenizer if a meter that has come to its end needs it. Null: nothing to wait for. */
export function untilCounted(meter: ResponseMeter): Promise<unknown> | null {
  return meter.countsTokens ? loadTokenCounter() : null;
}

function meterOfHead(read: () => Reading): ResponseMeter {
  return {
    push: (chunk) => chunk,
    end: () => null,
    progress: read,
    reading: read,
    countsTokens: false,
    isSpent: false,
  };
}

/** Reads nothing. */
export const NO_METER: ResponseMeter = meterOfHead(nothingRead);

function headerMeter(rule: Extract<ExtractorRule, { kind: 'headers' }>, headers: IncomingHttpHeaders): ResponseMeter {
  return meterOfHead(() => {
    const fields: Fields = {};
    foldHeaders(rule, fields, headers);
    return { fields, estimated: false };
  });
}
