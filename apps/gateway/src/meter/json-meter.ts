import type { ExtractorRule } from '@tollwright/contracts';
import {
  type CountTokens,
  countsTokens,
  type Fields,
  fold,
  isComplete,
  presetOf,
  TextTally,
} from '@tollwright/policies';
import { estimated } from './estimated.ts';
import type { MeterBasis, Reading, ResponseMeter } from './meter.ts';
import { loadedTokenCounter } from './token-counter.ts';

const JSON_BYTES_MAX = 4 * 1024 * 1024;

/** Reads a JSON answer of at most 4 MiB once it is whole. A longer, cut or unreadable one is estimated by its bytes. */
export class JsonMeter implements ResponseMeter {
  readonly isSpent = false;
  readonly #rule: ExtractorRule;
  readonly #basis: MeterBasis;
  readonly #readable: boolean;
  #parts: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #read: { readonly fields: Fields; readonly document: unknown } | null = null;

  constructor(rule: ExtractorRule, basis: MeterBasis, readable: boolean) {
    this.#rule = rule;
    this.#basis = basis;
    this.#readable = readable;
  }

  push(chunk: Buffer): Buffer {
    this.#bytes += chunk.length;
    if (this.#readable) {
      if (this.#bytes <= JSON_BYTES_MAX) this.#parts.push(chunk);
      else this.#parts = [];
    }
    return chunk;
  }

  end(): null {
    this.#ended = true;
    return null;
  }

  get countsTokens(): boolean {
    return countsTokens(this.#rule) && !isComplete(this.#rule, this.#document().fields);
  }

  progress(): Reading {
    return this.#estimated({}, undefined, null);
  }

  reading(): Reading {
    const { fields, document } = this.#document();
    return this.#estimated({ ...fields }, document, loadedTokenCounter());
  }

  /** What the whole answer says; an answer that is not over, or cannot be read, says nothing. */
  #document(): { readonly fields: Fields; readonly document: unknown } {
    if (this.#read !== null) return this.#read;
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const read = readOf(this.#rule, only ?? Buffer.concat(this.#parts));
    if (this.#ended) this.#read = read;
    return read;
  }

  #estimated(fields: Fields, document: unknown, count: CountTokens | null): Reading {
    if (isComplete(this.#rule, fields)) return { fields, estimated: false };
    const generated = new TextTally();
    if (presetOf(this.#rule)?.addAnswer(generated, document) !== true) generated.weigh(this.#bytes);
    const { outputTokensBound: outputTokensMax } = this.#basis;
    return estimated(this.#rule, fields, { basis: this.#basis, generated, outputTokensMax, count });
  }
}

function readOf(rule: ExtractorRule, bytes: Buffer): { readonly fields: Fields; readonly document: unknown } {
  const fields: Fields = {};
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { fields, document };
  }
  fold(rule, fields, document);
  return { fields, document };
}
