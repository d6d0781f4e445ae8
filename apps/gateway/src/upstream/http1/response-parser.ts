import { ChunkedBody } from './chunked-body.ts';
import { MalformedResponse } from './malformed.ts';
import { parseHead, type ResponseHead } from './response-head.ts';

/** What a parser tells, in order: one head (1xx are skipped), bytes, and the end. */
export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  onBody(bytes: Buffer): void;
  onComplete(): void;
}

/** Status line and header lines of one answer. */
export const HEAD_BYTES_MAX = 32 * 1024;
/** 1xx answers before the real one. */
export const INFORMATIONAL_MAX = 16;

type State = 'rest' | 'head' | 'length' | 'chunked' | 'until-close' | 'complete';

const HEAD_END = '\r\n\r\n';
const START = 'HTTP/1.';
const BARE_LF = /(?:^|[^\r])\n/;
const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Reads answers from the bytes of one connection, one after `begin`. Wherever the bytes are cut the events are the same,
 * but for where `onBody` cuts. Paused, it tells nothing and keeps what it was given. Methods throw MalformedResponse.
 */
export class ResponseParser {
  readonly #events: ResponseEvents;
  readonly #chunks = new ChunkedBody();
  #state: State = 'rest';
  #method = 'GET';
  #head = '';
  #informational = 0;
  #left = 0;
  #input = EMPTY;
  #at = 0;
  #paused = false;
  #running = false;
  #ended = false;

  constructor(events: ResponseEvents) {
    this.#events = events;
  }

  /** Expects the answer to a request. Only at rest. */
  begin(method: string): void {
    this.#method = method;
    this.#state = 'head';
    this.#head = '';
    this.#informational = 0;
    this.#paused = false;
  }

  /** Whether an answer is expected or under way. */
  get busy(): boolean {
    return this.#state !== 'rest';
  }

  /** Whether bytes came that belong to no answer. */
  get hasExcess(): boolean {
    return this.#at < this.#input.length;
  }

  push(bytes: Buffer): void {
    this.#input = this.hasExcess ? Buffer.concat([this.#input.subarray(this.#at), bytes]) : bytes;
    this.#at = 0;
    this.#run();
  }

  /** The connection brings no more bytes. Throws when an answer is cut by that. */
  end(): void {
    this.#ended = true;
    this.#run();
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#run();
  }

  /** Forgets the answer under way: nothing more is told. */
  stop(): void {
    this.#state = 'rest';
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      while (!this.#paused && this.#state !== 'rest') {
        if (this.#state === 'complete') {
          this.#state = 'rest';
          this.#events.onComplete();
          return;
        }
        if (this.#at < this.#input.length) this.#step();
        else if (this.#ended) this.#finish();
        else return;
      }
    } finally {
      this.#running = false;
      if (!this.hasExcess) this.#input = EMPTY;
    }
  }

  #step(): void {
    if (this.#state === 'head') this.#readHead();
    else if (this.#state === 'length') this.#readLength();
    else if (this.#state === 'chunked') this.#readChunked();
    else this.#events.onBody(this.#take(this.#input.length - this.#at));
  }

  #finish(): void {
    if (this.#state !== 'until-close') throw new MalformedResponse('the connection ended before the answer did');
    this.#state = 'complete';
  }

  #readHead(): void {
    const known = this.#head.length;
    const text = this.#head + this.#input.toString('latin1', this.#at, this.#at + HEAD_BYTES_MAX + HEAD_END.length);
    const end = text.indexOf(HEAD_END, Math.max(0, known - 3));
    if ((end === -1 ? text.length - 3 : end) > HEAD_BYTES_MAX) {
      throw new MalformedResponse(`its head is longer than ${HEAD_BYTES_MAX} bytes`);
    }
    if (end === -1) {
      if (!text.startsWith(START.slice(0, text.length))) throw new MalformedResponse('it is not HTTP/1.x');
      if (BARE_LF.test(text)) throw new MalformedResponse('a line ends without a carriage return');
      this.#head = text;
      this.#at = this.#input.length;
      return;
    }
    this.#at += end + HEAD_END.length - known;
    this.#head = '';
    this.#takeHead(parseHead(text.slice(0, end), this.#method));
  }

  #takeHead(head: ResponseHead): void {
    if (head.status < 200) {
      this.#informational += 1;
      if (head.status === 101) throw new MalformedResponse('it switches protocols, which nobody asked for');
      if (this.#informational > INFORMATIONAL_MAX) throw new MalformedResponse('there are too many 1xx answers');
      return;
    }
    const { framing } = head;
    if (framing.kind === 'length') this.#left = framing.bytes;
    if (framing.kind === 'chunked') this.#chunks.begin();
    this.#state = framing.kind === 'none' ? 'complete' : framing.kind;
    this.#events.onHead(head);
  }

  #readLength(): void {
    const bytes = this.#take(Math.min(this.#left, this.#input.length - this.#at));
    this.#left -= bytes.length;
    if (this.#left === 0) this.#state = 'complete';
    this.#events.onBody(bytes);
  }

  #readChunked(): void {
    const chunks = this.#chunks;
    this.#at = chunks.skip(this.#input, this.#at);
    if (chunks.left > 0) {
      const bytes = this.#take(Math.min(chunks.left, this.#input.length - this.#at));
      chunks.take(bytes.length);
      if (bytes.length > 0) this.#events.onBody(bytes);
    } else if (chunks.done) this.#state = 'complete';
  }

  #take(length: number): Buffer {
    const from = this.#at;
    this.#at += length;
    return from === 0 && length === this.#input.length ? this.#input : this.#input.subarray(from, this.#at);
  }
}
