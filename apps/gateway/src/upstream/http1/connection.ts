import type { Socket } from 'node:net';
import type { Timed } from '../deadlines.ts';
import { InvalidRequest } from './malformed.ts';
import type { ResponseHead } from './response-head.ts';
import { type ResponseEvents, ResponseParser } from './response-parser.ts';

/** One request on its way over a connection, and who hears of its answer. */
export interface Call {
  readonly method: string;
  /** Latin1 text, the empty line included. */
  readonly head: string;
  readonly body: Buffer | AsyncIterable<Buffer> | null;
  /** Exact length of a streamed body; null frames it in chunks. */
  readonly bodyBytes: number | null;
  readonly paused: boolean;
  /** A part of a streamed body was taken by the socket. */
  onProgress(): void;
  onHead(head: ResponseHead): void;
  onBody(bytes: Buffer): void;
  onComplete(): void;
  /** `fault` says whether the upstream or the request's own body broke the call off. */
  onBroken(cause: unknown, fault: 'upstream' | 'request'): void;
}

/** Who lends connections out. `onGone` comes once, `onRest` each time a connection may be used again. */
export interface ConnectionOwner {
  onRest(connection: Connection): void;
  onGone(connection: Connection): void;
}

/** A body up to this size leaves in the same text, and so in the same write, as its head. */
const INLINE_BYTES_MAX = 32 * 1024;
/**
 * How long a connection may rest: less than the 5 s after which common servers (Node, uvicorn, Apache) close it, and a
 * second less than the server says itself.
 */
const REST_MS_DEFAULT = 4_000;
const REST_MS_MAX = 60_000;
const HINT_MARGIN_MS = 1_000;

/** A socket to an upstream that carries one call at a time. At rest, `dueAtMs` is when it must not be used any more. */
export class Connection implements Timed, ResponseEvents {
  place = -1;
  dueAtMs = Number.POSITIVE_INFINITY;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #parser = new ResponseParser(this);
  #call: Call | null = null;
  #reusable = false;
  #restMs = REST_MS_DEFAULT;
  #sending = false;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('end', () => this.#onEnd());
    socket.on('drain', () => this.#wakeSender());
    socket.on('error', (error) => this.#break(this.#call, error, 'upstream'));
    socket.on('close', () => {
      // A whole answer may still wait in a paused parser, which then knows whether it is one.
      const waits = this.#ended && this.#parser.paused;
      if (!waits) this.#break(this.#call, new Error('the upstream closed the connection'), 'upstream');
      this.#wakeSender();
      owner.onGone(this);
    });
  }

  /** Whether nothing is known that speaks against writing a request: the last look before its first byte. */
  isUsable(nowMs: number): boolean {
    const socket = this.#socket;
    return nowMs < this.dueAtMs && !this.#ended && socket.writable && !socket.destroyed;
  }

  /** Begins to rest without having carried a call. */
  rest(): void {
    this.dueAtMs = performance.now() + REST_MS_DEFAULT;
  }

  /** Writes a request. The connection is this call's until it completes or breaks. */
  start(call: Call): void {
    this.#call = call;
    this.#reusable = false;
    this.dueAtMs = Number.POSITIVE_INFINITY;
    this.#parser.begin(call.method);
    if (call.paused) this.pause();
    const { head, body } = call;
    if (body === null) this.#socket.write(head, 'latin1');
    else if (!Buffer.isBuffer(body)) void this.#sendStream(call, body);
    else if (body.length <= INLINE_BYTES_MAX) this.#socket.write(head + body.toString('latin1'), 'latin1');
    else {
      this.#socket.cork();
      this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      this.#socket.uncork();
    }
  }

  /** Reads no more from the upstream until `resume`. */
  pause(): void {
    this.#parser.pause();
    this.#socket.pause();
  }

  resume(): void {
    const call = this.#call;
    try {
      this.#parser.resume();
    } catch (error) {
      this.#break(call, error, 'upstream');
    }
    if (!this.#parser.paused) this.#socket.resume();
  }

  /** Ends the connection, and silently the call on it. */
  drop(): void {
    this.#call = null;
    this.#parser.stop();
    this.#socket.destroy();
  }

  /** Ends the connection; the call on it breaks. */
  close(cause: Error): void {
    this.#break(this.#call, cause, 'upstream');
    this.#socket.destroy();
  }

  expire(): void {
    this.drop();
  }

  onHead(head: ResponseHead): void {
    const hintMs = head.keepAliveHintMs;
    this.#reusable = head.keepAlive && head.framing.kind !== 'until-close';
    this.#restMs = hintMs === null ? REST_MS_DEFAULT : Math.min(hintMs - HINT_MARGIN_MS, REST_MS_MAX);
    this.#call?.onHead(head);
  }

  onBody(bytes: Buffer): void {
    this.#call?.onBody(bytes);
  }

  onComplete(): void {
    const call = this.#call;
    this.#call = null;
    if (this.#isClean()) {
      this.dueAtMs = performance.now() + this.#restMs;
      this.#owner.onRest(this);
    } else this.drop();
    call?.onComplete();
  }

  /** Whether nothing of the call is left on either way: no bytes of its request unsent, none after its answer. */
  #isClean(): boolean {
    const isSent = !this.#sending && this.#socket.writableLength === 0;
    return this.#reusable && isSent && !this.#ended && !this.#parser.hasExcess && this.#restMs > 0;
  }

  #onData(bytes: Buffer): void {
    const call = this.#call;
    if (call === null) {
      this.drop();
      return;
    }
    try {
      this.#parser.push(bytes);
    } catch (error) {
      this.#break(call, error, 'upstream');
    }
  }

  #onEnd(): void {
    this.#ended = true;
    const call = this.#call;
    if (call === null) {
      this.drop();
      return;
    }
    try {
      this.#parser.end();
    } catch (error) {
      this.#break(call, error, 'upstream');
    }
  }

  #break(call: Call | null, cause: unknown, fault: 'upstream' | 'request'): void {
    if (call === null || this.#call !== call) return;
    this.drop();
    call.onBroken(cause, fault);
  }

  /** What is left of a body after its call ended is read and dropped, so that its sender can still take the answer. */
  async #sendStream(call: Call, source: AsyncIterable<Buffer>): Promise<void> {
    this.#sending = true;
    const total = call.bodyBytes;
    let sent = 0;
    this.#socket.write(call.head, 'latin1');
    try {
      for await (const part of source) {
        if (this.#call !== call || part.length === 0) continue;
        sent += part.length;
        if (total !== null && sent > total) throw new InvalidRequest('its body is longer than announced');
        const taken = total === null ? this.#writeChunk(part) : this.#socket.write(part);
        if (!taken) await this.#drained();
        if (this.#call === call) call.onProgress();
      }
      if (this.#call !== call) return;
      if (total === null) this.#socket.write('0\r\n\r\n', 'latin1');
      else if (sent < total) throw new InvalidRequest('its body is shorter than announced');
      this.#sending = false;
    } catch (error) {
      this.#break(call, error, 'request');
    }
  }

  #writeChunk(part: Buffer): boolean {
    const socket = this.#socket;
    socket.cork();
    socket.write(`${part.length.toString(16)}\r\n`, 'latin1');
    socket.write(part);
    const taken = socket.write('\r\n', 'latin1');
    socket.uncork();
    return taken;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) resolve();
      else this.#wake = resolve;
    });
  }

  #wakeSender(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
