import type { ExtractorRule } from '@tollwright/contracts';
import type { Fields } from './fields.ts';
import { fold, isComplete } from './fold.ts';
import { type Preset, presetOf } from './preset.ts';
import { isOneLineEvent, nextBreak } from './sse-events.ts';
import { TextTally } from './text-tally.ts';

const DATA = 'data:';
const LINE_BYTES_MAX = 1024 * 1024;

/**
 * Reads event fields from server-sent events as they pass, in chunks of any size. Keeps the current line only, at most
 * 1 MiB of it; a longer line is not read. Every `data:` line is taken as one JSON document, as APIs of this kind send it.
 */
export class SseScanner {
  readonly fields: Fields = {};
  /** Generated text so far, for an estimate when no usage arrives. Stays empty where a rule counts no tokens. */
  readonly generated = new TextTally();
  /** How many chunks carried usage and nothing else. */
  usageOnlyChunks = 0;
  readonly #rule: ExtractorRule;
  readonly #preset: Preset | null;
  #line: Buffer[] = [];
  #lineBytes = 0;

  constructor(rule: ExtractorRule) {
    this.#rule = rule;
    this.#preset = presetOf(rule);
  }

  get complete(): boolean {
    return isComplete(this.#rule, this.fields);
  }

  push(chunk: Buffer): void {
    if (this.#lineBytes === 0 && isOneLineEvent(chunk)) {
      this.#read(chunk.toString('utf8', 0, chunk.length - 2));
      return;
    }
    let start = 0;
    for (let at = nextBreak(chunk, 0); at !== -1; at = nextBreak(chunk, start)) {
      this.#endLine(chunk.subarray(start, at));
      start = at + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** The stream is over: what is left without a line break is a line too. */
  end(): void {
    this.#endLine(Buffer.alloc(0));
  }

  #keep(part: Buffer): void {
    this.#lineBytes += part.length;
    if (this.#lineBytes > LINE_BYTES_MAX) this.#line = [];
    else this.#line.push(Buffer.from(part));
  }

  #endLine(rest: Buffer): void {
    const bytes = this.#lineBytes + rest.length;
    const line = bytes > LINE_BYTES_MAX ? null : this.#line.length === 0 ? rest : Buffer.concat([...this.#line, rest]);
    this.#line = [];
    this.#lineBytes = 0;
    if (line === null) this.generated.weigh(bytes);
    else if (line.length > DATA.length) this.#read(line.toString('utf8'));
  }

  #read(line: string): void {
    if (!line.startsWith(DATA)) return;
    const text = line.slice(DATA.length).trim();
    if (text === '' || text === '[DONE]') return;
    const preset = this.#preset;
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      if (preset !== null) this.generated.weigh(Buffer.byteLength(text));
      return;
    }
    if (preset === null) {
      fold(this.#rule, this.fields, document);
      return;
    }
    preset.fold(this.fields, document);
    if (preset.isUsageOnly(document)) this.usageOnlyChunks++;
    else if (!preset.addDelta(this.generated, document)) this.generated.weigh(Buffer.byteLength(text));
  }
}
