import type { ExtractorRule } from '@tollwright/contracts';
import { estimateTokens, extractJson, type Fields, isComplete, SseScanner } from '@tollwright/policies';

/** What was consumed, as far as an answer tells. `estimated`: some of it was worked out from bytes. */
export interface Reading {
  readonly fields: Fields;
  readonly estimated: boolean;
}

/** What a meter needs to know of the call to estimate what an answer does not say. */
export interface MeterBasis {
  readonly inputBytes: number;
  readonly outputTokensBound: number;
}

/** Watches an answer pass and tells what it consumed. Never changes or holds back a byte. */
export interface ResponseMeter {
  push(chunk: Buffer): void;
  /** The answer is over: what came without a line break counts too. */
  end(): void;
  /** What was consumed so far. May be asked at any byte, and disturbs nothing. */
  reading(): Reading;
}

const JSON_BYTES_MAX = 4 * 1024 * 1024;

/** The meter for an answer's content type. `rule` null reads nothing. */
export function createMeter(
  rule: ExtractorRule | null,
  answer: { readonly contentType: string; readonly contentEncoding: string },
  basis: MeterBasis,
): ResponseMeter {
  if (rule === null) return NO_METER;
  const plain = answer.contentEncoding === '' || answer.contentEncoding === 'identity';
  if (plain && answer.contentType.startsWith('text/event-stream')) return new SseMeter(rule, basis);
  return new JsonMeter(rule, basis, plain && isJson(answer.contentType));
}

/** Whether a content type is JSON as one document. */
export function isJson(contentType: string): boolean {
  return /^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(contentType);
}

/** Nothing was read. A fresh value: whoever gets a reading may add to its fields. */
export function nothingRead(): Reading {
  return { fields: {}, estimated: false };
}

/** Reads nothing. */
export const NO_METER: ResponseMeter = { push: () => undefined, end: () => undefined, reading: nothingRead };

class SseMeter implements ResponseMeter {
  readonly #rule: ExtractorRule;
  readonly #basis: MeterBasis;
  readonly #scanner: SseScanner;

  constructor(rule: ExtractorRule, basis: MeterBasis) {
    this.#rule = rule;
    this.#basis = basis;
    this.#scanner = new SseScanner(rule);
  }

  push(chunk: Buffer): void {
    this.#scanner.push(chunk);
  }

  end(): void {
    this.#scanner.end();
  }

  reading(): Reading {
    return read(this.#rule, { ...this.#scanner.fields }, this.#scanner.generatedBytes, this.#basis);
  }
}

class JsonMeter implements ResponseMeter {
  readonly #rule: ExtractorRule;
  readonly #basis: MeterBasis;
  readonly #readable: boolean;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(rule: ExtractorRule, basis: MeterBasis, readable: boolean) {
    this.#rule = rule;
    this.#basis = basis;
    this.#readable = readable;
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (!this.#readable) return;
    if (this.#bytes <= JSON_BYTES_MAX) this.#parts.push(chunk);
    else this.#parts = [];
  }

  /** A document that is cut stays unreadable. */
  end(): void {}

  reading(): Reading {
    const whole = this.#readable && this.#bytes <= JSON_BYTES_MAX;
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const text = whole ? (only ?? Buffer.concat(this.#parts)).toString('utf8') : '';
    const extraction = text === '' ? null : extractJson(this.#rule, text);
    const fields = extraction?.kind === 'extracted' ? extraction.fields : {};
    return read(this.#rule, fields, this.#bytes, this.#basis);
  }
}

function read(rule: ExtractorRule, fields: Fields, generatedBytes: number, basis: MeterBasis): Reading {
  const estimated =
    rule.kind === 'openai' && !isComplete(rule, fields) && estimateTokens(fields, { ...basis, generatedBytes });
  return { fields, estimated };
}
