import type { ExtractorRule } from '@tollwright/contracts';
import { type CountTokens, countsTokens, isEventEnd, SseEvents, SseScanner } from '@tollwright/policies';
import { estimated } from './estimated.ts';
import type { MeterBasis, Reading, ResponseMeter } from './meter.ts';
import { loadedTokenCounter, loadTokenCounter } from './token-counter.ts';

/** Prose takes fewer bytes a token in every language: a stream within its cap is hardly ever looked at closely. */
const LOOKED_AT_BYTES_PER_TOKEN = 6;
const LOOK_AGAIN_BYTES = 256;
/** Another vocabulary may take fewer tokens for the same text: so much of an estimate is given away before a stream is cut. */
const GIVEN_AWAY = 1 / 8;

/**
 * Reads a stream of events, and passes on whole events only, so that whatever ends the stream ends it between two of them.
 * While the generated text is short of its bound, an event costs no more than to be read. Beyond it, the event that would take
 * the call over what is held for it is not passed on, and nothing after it.
 */
export class SseMeter implements ResponseMeter {
  isSpent = false;
  readonly #rule: ExtractorRule;
  readonly #basis: MeterBasis;
  readonly #scanner: SseScanner;
  readonly #events = new SseEvents();
  #lookAtBytes: number;

  constructor(rule: ExtractorRule, basis: MeterBasis) {
    this.#rule = rule;
    this.#basis = basis;
    this.#scanner = new SseScanner(rule);
    this.#lookAtBytes =
      basis.isOverHold === null ? Number.POSITIVE_INFINITY : basis.outputTokensBound * LOOKED_AT_BYTES_PER_TOKEN;
  }

  push(chunk: Buffer): Buffer | null {
    if (this.isSpent) return null;
    const scanner = this.#scanner;
    const close = scanner.generated.bytes + chunk.length >= this.#lookAtBytes || this.#reportsTooMuch();
    if (!close && this.#events.isWhole && isEventEnd(chunk)) {
      const usageChunks = scanner.usageOnlyChunks;
      scanner.push(chunk);
      return this.#isDropped(usageChunks) ? this.#withoutUsage(chunk) : chunk;
    }
    return this.#passed(this.#events.push(chunk));
  }

  end(): Buffer | null {
    const rest = this.#events.end();
    if (this.isSpent) return null;
    const before = this.#scanner.usageOnlyChunks;
    if (rest !== null) this.#scanner.push(rest);
    this.#scanner.end();
    return this.#isDropped(before) ? null : rest;
  }

  get countsTokens(): boolean {
    return countsTokens(this.#rule) && !this.#scanner.complete;
  }

  progress(): Reading {
    return this.#reading(null);
  }

  reading(): Reading {
    return this.#reading(loadedTokenCounter());
  }

  #reading(count: CountTokens | null): Reading {
    const outputTokensMax = this.isSpent ? Number.MAX_SAFE_INTEGER : this.#basis.outputTokensBound;
    const { fields, generated } = this.#scanner;
    return estimated(this.#rule, { ...fields }, { basis: this.#basis, generated, outputTokensMax, count });
  }

  /** Reads events one by one, and leaves out what the caller does not get. */
  #passed(events: readonly Buffer[]): Buffer | null {
    const scanner = this.#scanner;
    const passed: Buffer[] = [];
    for (const event of events) {
      const usageChunks = scanner.usageOnlyChunks;
      const bytes = scanner.generated.bytes;
      const reportedTooMuch = this.#reportsTooMuch();
      scanner.push(event);
      if (scanner.generated.bytes > bytes && this.#isOverHold(reportedTooMuch)) {
        this.isSpent = true;
        break;
      }
      if (!this.#isDropped(usageChunks)) passed.push(event);
    }
    if (passed.length <= 1) return passed[0] ?? null;
    return Buffer.concat(passed);
  }

  /** The other events of a chunk that was read in one: happens once a stream, where its usage comes with more. */
  #withoutUsage(chunk: Buffer): Buffer | null {
    const others = new SseEvents().push(chunk).filter((event) => {
      const scanner = new SseScanner(this.#rule);
      scanner.push(event);
      return scanner.usageOnlyChunks === 0;
    });
    return others.length <= 1 ? (others[0] ?? null) : Buffer.concat(others);
  }

  /** Whether what came since was the chunk that only the gateway asked for. */
  #isDropped(usageChunksBefore: number): boolean {
    return this.#basis.dropsUsage && this.#scanner.usageOnlyChunks > usageChunksBefore;
  }

  #reportsTooMuch(): boolean {
    const reported = this.#scanner.fields.output_tokens;
    return reported !== undefined && Number(reported) > this.#basis.outputTokensBound;
  }

  /** Judges text that came beyond what was priced. `reportedTooMuch`: the upstream had said so before it sent this text. */
  #isOverHold(reportedTooMuch: boolean): boolean {
    const { isOverHold, outputTokensBound } = this.#basis;
    const { generated, fields, complete } = this.#scanner;
    if (isOverHold === null) return false;
    if (reportedTooMuch) return isOverHold(this.#reading(loadedTokenCounter()));
    if (complete || generated.bytes < this.#lookAtBytes) return false;
    const count = loadedTokenCounter();
    if (count === null) {
      void loadTokenCounter();
      return false;
    }
    this.#lookAtBytes = generated.bytes + LOOK_AGAIN_BYTES;
    const outputTokensMax = Math.floor(generated.tokens(count) * (1 - GIVEN_AWAY));
    if (outputTokensMax <= outputTokensBound) return false;
    return isOverHold(estimated(this.#rule, { ...fields }, { basis: this.#basis, generated, outputTokensMax, count }));
  }
}
