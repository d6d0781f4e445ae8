import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { createUpstreamDispatcher } from '@tollwright/egress';
import type { Dispatcher } from 'undici';
import { Deadlines, type Timed } from './deadlines.ts';
import type {
  UpstreamClient,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTimeouts,
} from './upstream.ts';

/** Upstreams over undici's keep-alive pools, to addresses that egress allows. */
export function createUndiciClient(options: { readonly allow: readonly string[] }): UpstreamClient {
  const dispatcher = createUpstreamDispatcher({ allow: options.allow, connectionsMax: 1024 });
  const deadlines = new Deadlines();
  return {
    send(request, sink) {
      const exchange = new Exchange(sink, request.timeouts, deadlines);
      deadlines.add(exchange);
      const { body } = request;
      const options: Dispatcher.DispatchOptions = {
        origin: request.origin,
        path: request.target,
        method: request.method as Dispatcher.HttpMethod,
        headers: headersOf(request),
        body: body === null || Buffer.isBuffer(body) ? body : Readable.from(untouched(body)),
        idempotent: false,
      };
      dispatcher.dispatch(options, exchange);
      return exchange;
    },
    async close() {
      deadlines.close();
      await dispatcher.destroy();
    },
  };
}

function headersOf({ headers, body, bodyBytes }: UpstreamRequest): string[] {
  const isKnown = body !== null && !Buffer.isBuffer(body) && bodyBytes != null;
  return isKnown ? [...headers, 'content-length', String(bodyBytes)] : headers;
}

/** Undici ends a body that it never began to read, where no connection could be made; another upstream may still want it. */
async function* untouched(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield* body;
}

/** One exchange: undici's handler, its deadline, and the caller's handle. */
class Exchange implements Dispatcher.DispatchHandler, UpstreamExchange, Timed {
  dueAtMs: number;
  place = -1;
  readonly #sink: UpstreamSink;
  readonly #timeouts: UpstreamTimeouts;
  readonly #deadlines: Deadlines;
  readonly #totalAtMs: number;
  #phase: UpstreamFailure['phase'] = 'connect';
  #controller: Dispatcher.DispatchController | null = null;
  #ended = false;

  constructor(sink: UpstreamSink, timeouts: UpstreamTimeouts, deadlines: Deadlines) {
    const nowMs = performance.now();
    this.#sink = sink;
    this.#timeouts = timeouts;
    this.#deadlines = deadlines;
    this.#totalAtMs = nowMs + timeouts.totalTimeoutMs;
    this.dueAtMs = Math.min(nowMs + timeouts.connectTimeoutMs, this.#totalAtMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) {
      controller.abort(new Error('given up before a connection was free'));
      return;
    }
    this.#phase = 'first-byte';
    this.#due(this.#timeouts.firstByteTimeoutMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.#ended || status < 200) return;
    this.#phase = 'body';
    this.#due(this.#timeouts.idleTimeoutMs);
    this.#sink.onHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    this.#due(this.#timeouts.idleTimeoutMs);
    this.#sink.onData(chunk);
  }

  onResponseEnd(): void {
    if (this.#finish()) this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail('failed', error);
  }

  pause(): void {
    this.dueAtMs = this.#totalAtMs;
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#ended) return;
    this.#due(this.#timeouts.idleTimeoutMs);
    this.#controller?.resume();
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

  #fail(kind: UpstreamFailure['kind'], cause: unknown): void {
    if (!this.#finish()) return;
    if (kind !== 'failed') this.#controller?.abort(new Error(kind));
    this.#sink.onFailure({ kind, phase: this.#phase, cause });
  }

  #finish(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#deadlines.delete(this);
    return true;
  }
}
