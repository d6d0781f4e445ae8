import type { ServerResponse } from 'node:http';

/** The largest answer that is given again. */
export const ANSWER_BYTES_MAX = 64 * 1024;

/** An answer as it was given: flat list of headers, whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** What was recorded: a whole answer, or why there is none. `open`: it never came to its end. */
export type Recorded =
  | { readonly kind: 'whole'; readonly answer: Answer }
  | { readonly kind: 'streamed' | 'too-large' | 'open' };

/**
 * Listens to one answer while it is written, and holds its end back until `letGo`: whoever has the whole answer may ask for
 * it again at once. A length would tell its end before that, so it goes out in chunks.
 */
export class AnswerRecorder {
  #status = 0;
  #headers: readonly string[] = [];
  #parts: Buffer[] = [];
  #bytes = 0;
  #isStream = false;
  #end: (() => void) | null = null;
  #isLetGo = false;

  constructor(response: ServerResponse) {
    const writeHead = response.writeHead.bind(response);
    const write = response.write.bind(response);
    const end = response.end.bind(response);
    response.writeHead = ((status: number, headers: string[]) => {
      this.#takeHead(status, headers);
      return writeHead(status, response.req.method === 'HEAD' ? headers : withoutLength(headers));
    }) as typeof response.writeHead;
    response.write = ((part: Buffer) => {
      this.#take(part);
      return write(part);
    }) as typeof response.write;
    response.end = ((part?: Buffer | string) => {
      if (part !== undefined) this.#take(Buffer.from(part));
      this.#end = () => (part === undefined ? end() : end(part));
      if (this.#isLetGo) this.letGo();
      return response;
    }) as typeof response.end;
  }

  get recorded(): Recorded {
    if (this.#isStream) return { kind: 'streamed' };
    if (this.#bytes > ANSWER_BYTES_MAX) return { kind: 'too-large' };
    if (this.#end === null) return { kind: 'open' };
    const body = Buffer.concat(this.#parts);
    return { kind: 'whole', answer: { status: this.#status, headers: this.#headers, body } };
  }

  /** The end goes out: at once, or as soon as it is there. */
  letGo(): void {
    this.#isLetGo = true;
    const end = this.#end;
    this.#end = null;
    end?.();
  }

  #takeHead(status: number, headers: readonly string[]): void {
    this.#status = status;
    this.#headers = headers;
    for (let at = 0; at + 1 < headers.length; at += 2) {
      if (headers[at]?.toLowerCase() === 'content-type')
        this.#isStream = /^text\/event-stream/i.test(headers[at + 1] ?? '');
    }
  }

  #take(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes <= ANSWER_BYTES_MAX && !this.#isStream) this.#parts.push(part);
    else this.#parts = [];
  }
}

function withoutLength(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.toLowerCase() !== 'content-length') kept.push(name, headers[at + 1] as string);
  }
  return kept;
}
