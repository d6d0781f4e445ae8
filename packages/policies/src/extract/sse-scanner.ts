import type { ExtractorRule } from '@tollwright/contracts';
import { fold, isComplete } from './fold.ts';
import { deltaBytes, type Fields } from './openai.ts';

const LF = 0x0a;
const CR = 0x0d;
const DATA = 'data:';
const LINE_BYTES_MAX = 1024 * 1024;

/**
 * Reads event fields from server-sent events as they pass, in chunks of any size. Keeps the current line only, at most
 * 1 MiB of it; a longer line is not read. Every `data:` line is taken as one JSON document, as OpenAI-shaped APIs send it.
 */
export class SseScanner {
  readonly fields: Fields = {};
  /** UTF-8 bytes of generated text so far, for an estimate when no usage arrives. */
  generatedBytes = 0;
  readonly #rule: ExtractorRule;
  #line: Buffer[] = [];
  #lineBytes = 0;

  constructor(rule: ExtractorRule) {
    this.#rule = rule;
  }

  get complete(): boolean {
    return isComplete(this.#rule, this.fields);
  }

  push(chunk: Buffer): void {
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
    if (line === null) this.generatedBytes += bytes;
    else if (line.length > DATA.length) this.#read(line.toString('utf8'));
  }

  #read(line: string): void {
    if (!line.startsWith(DATA)) return;
    const text = line.slice(DATA.length).trim();
    if (text === '' || text === '[DONE]') return;
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      this.generatedBytes += Buffer.byteLength(text);
      return;
    }
    fold(this.#rule, this.fields, document);
    this.generatedBytes += deltaBytes(document) ?? Buffer.byteLength(text);
  }
}

/** The next CR or LF; a CRLF is two breaks with an empty line between, which reads the same. */
function nextBreak(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(LF, from);
  const cr = chunk.subarray(from, lf === -1 ? chunk.length : lf).indexOf(CR);
  return cr === -1 ? lf : from + cr;
}
