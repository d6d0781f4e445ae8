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
  countsTokens = false;
  readonly #rule: ExtractorRule;
  readonly #basis: MeterBasis;
  readonly #readable: boolean;
  #parts: Buffer[] = [];
  #bytes = 0;
  #document: unknown;
  #fields: Fields = {};
  #isComplete = false;

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
    const parts = this.#parts;
    this.#parts = [];
    const [first] = parts;
    if (first !== undefined) this.#read((parts.length === 1 ? first : Buffer.concat(parts)).toString('utf8'));
    this.#isComplete = !countsTokens(this.#rule) || isComplete(this.#rule, this.#fields);
    // An answer that cannot be read is weighed, not counted.
    const hasText = this.#document !== undefined || (this.#basis.request?.length ?? 0) > 0;
    this.countsTokens = !this.#isComplete && hasText;
    return null;
  }

  progress(): Reading {
    return this.#estimated({}, undefined, null);
  }

  reading(): Reading {
    if (this.#isComplete) return { fields: this.#fields, estimated: false };
    return this.#estimated({ ...this.#fields }, this.#document, loadedTokenCounter());
  }

  #read(text: string): void {
    try {
      this.#document = JSON.parse(text);
    } catch {
      return;
    }
    fold(this.#rule, this.#fields, this.#document);
  }

  #estimated(fields: Fields, document: unknown, count: CountTokens | null): Reading {
    const generated = new TextTally();
    if (presetOf(this.#rule)?.addAnswer(generated, document) !== true) generated.weigh(this.#bytes);
    const { outputTokensBound: outputTokensMax } = this.#basis;
    return estimated(this.#rule, fields, { basis: this.#basis, generated, outputTokensMax, count });
  }
}
