import type { Deadlines, Timed } from '../deadlines.ts';
import type {
  UpstreamExchange,
  UpstreamFailure,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTimeouts,
} from '../upstream.ts';
import type { Call, Connection } from './connection.ts';
import type { ResponseHead } from './response-head.ts';

/** One exchange: waits for a connection, then is the call on it. Its sink hears of exactly one end. */
export class Exchange implements UpstreamExchange, Call, Timed {
  dueAtMs: number;
  place = -1;
  readonly method: string;
  readonly head: string;
  readonly body: UpstreamRequest['body'];
  readonly bodyBytes: number | null;
  paused = false;
  readonly #sink: UpstreamSink;
  readonly #timeouts: UpstreamTimeouts;
  readonly #deadlines: Deadlines;
  readonly #totalAtMs: number;
  #withdraw: ((exchange: Exchange) => void) | null = null;
  #connection: Connection | null = null;
  #phase: UpstreamFailure['phase'] = 'connect';
  #ended = false;

  constructor(request: UpstreamRequest, head: string, sink: UpstreamSink, deadlines: Deadlines) {
    const { timeouts } = request;
    const nowMs = performance.now();
    this.method = request.method;
    this.head = head;
    this.body = request.body;
    this.bodyBytes = request.bodyBytes ?? null;
    this.#sink = sink;
    this.#timeouts = timeouts;
    this.#deadlines = deadlines;
    this.#totalAtMs = nowMs + timeouts.totalTimeoutMs;
    this.dueAtMs = Math.min(nowMs + timeouts.connectTimeoutMs, this.#totalAtMs);
    deadlines.add(this);
  }

  get connectTimeoutMs(): number {
    return this.#timeouts.connectTimeoutMs;
  }

  /** Waits for a connection; `withdraw` ends the waiting. */
  wait(withdraw: (exchange: Exchange) => void): void {
    this.#withdraw = withdraw;
  }

  /** Goes on its way over a connection. */
  depart(connection: Connection): void {
    this.#withdraw = null;
    this.#connection = connection;
    this.#phase = 'first-byte';
    this.#due(this.#timeouts.firstByteTimeoutMs);
    connection.start(this);
  }

  /** No connection could be made, or the request cannot be written: nothing of it went anywhere. */
  giveUp(cause: unknown, fault: NonNullable<UpstreamFailure['fault']> = 'upstream'): void {
    this.#fail('failed', cause, fault);
  }

  onProgress(): void {
    if (this.#phase === 'first-byte') this.#due(this.#timeouts.firstByteTimeoutMs);
  }

  onHead({ status, headers }: ResponseHead): void {
    this.#phase = 'body';
    this.#due(this.#timeouts.idleTimeoutMs);
    this.#sink.onHead(status, headers);
  }

  onBody(bytes: Buffer): void {
    if (!this.paused) this.#due(this.#timeouts.idleTimeoutMs);
    this.#sink.onData(bytes);
  }

  onComplete(): void {
    if (!this.#finish()) return;
    try {
      this.#sink.onEnd();
    } catch (cause) {
      this.#sink.onFailure({ kind: 'failed', phase: 'body', cause });
    }
  }

  onBroken(cause: unknown, fault: NonNullable<UpstreamFailure['fault']>): void {
    this.#fail('failed', cause, fault);
  }

  pause(): void {
    if (this.#ended || this.paused) return;
    this.paused = true;
    this.dueAtMs = this.#totalAtMs;
    this.#connection?.pause();
  }

  resume(): void {
    if (this.#ended || !this.paused) return;
    this.paused = false;
    if (this.#connection === null) return;
    this.#due(this.#phase === 'body' ? this.#timeouts.idleTimeoutMs : this.#timeouts.firstByteTimeoutMs);
    this.#connection.resume();
  }

  abort(): void {
    this.#fail('aborted', null);
  }

  expire(): void {
    this.#fail('timeout', null);
  }

  #due(timeoutMs: number): void {
    this.dueAtMs = Math.min(performance.now() + timeoutMs, this.#totalAtMs);
  }

  #fail(kind: UpstreamFailure['kind'], cause: unknown, fault?: NonNullable<UpstreamFailure['fault']>): void {
    const connection = this.#connection;
    if (!this.#finish()) return;
    if (kind !== 'failed') connection?.drop();
    this.#sink.onFailure({ kind, phase: this.#phase, cause, ...(fault === undefined ? {} : { fault }) });
  }

  #finish(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#deadlines.delete(this);
    this.#withdraw?.(this);
    this.#withdraw = null;
    this.#connection = null;
    return true;
  }
}
