import type { IncomingHttpHeaders } from 'node:http';
import { createMeter, headOf, type Reading, untilCounted } from '../meter/meter.ts';
import type { UpstreamExchange, UpstreamSink } from '../upstream/upstream.ts';
import type { PaidCall } from './paid-call.ts';

const ANSWER_BYTES_MAX = 8 * 1024 * 1024;

/** A whole answer in memory, or why there is none. `timedOut` tells 504 from 502. */
export type Collected =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
      readonly reading: Reading;
      readonly firstByteMark: number;
    }
  | { readonly kind: 'failed'; readonly timedOut: boolean; readonly reason: string };

/** What of a call its answer is read by. */
export type CollectedCall = Pick<PaidCall, 'route' | 'sale' | 'body'>;

/** Waits for a whole answer: a paid call is answered only once its payment is settled. */
export class Collector implements UpstreamSink {
  exchange: UpstreamExchange | null = null;
  readonly #call: CollectedCall;
  readonly #resolve: (collected: Collected) => void;
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #firstByteMark = 0;

  constructor(call: CollectedCall, resolve: (collected: Collected) => void) {
    this.#call = call;
    this.#resolve = resolve;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#firstByteMark = performance.now();
    if (headers['content-type']?.startsWith('text/event-stream')) this.#giveUp('the upstream answered with a stream');
  }

  onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_BYTES_MAX) this.#giveUp(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`);
    else this.#parts.push(chunk);
  }

  onEnd(): void {
    const body = Buffer.concat(this.#parts);
    const { route, sale, body: asked } = this.#call;
    const { cap } = sale.worst;
    const meter = createMeter(route.rule, headOf(this.#headers), {
      request: asked.kind === 'buffered' ? asked.bytes : null,
      outputTokensBound: cap === null ? 0 : cap.tokensPerChoice * cap.choices,
      dropsUsage: false,
      isOverHold: null,
    });
    meter.push(body);
    meter.end();
    const answer = () =>
      this.#resolve({
        kind: 'answered',
        status: this.#status,
        headers: this.#headers,
        body,
        reading: meter.reading(),
        firstByteMark: this.#firstByteMark,
      });
    const counted = untilCounted(meter);
    if (counted === null) answer();
    else void counted.then(answer);
  }

  onFailure(failure: Parameters<UpstreamSink['onFailure']>[0]): void {
    const cause = failure.cause instanceof Error ? failure.cause.message : '';
    const reason = `${failure.kind} at ${failure.phase}${cause === '' ? '' : `: ${cause}`}`;
    this.#resolve({ kind: 'failed', timedOut: failure.kind === 'timeout', reason });
  }

  /** The answer would come too late to be paid for. */
  endLate(): void {
    this.#giveUp('the payment ends before the answer came', true);
  }

  #giveUp(reason: string, timedOut = false): void {
    this.#resolve({ kind: 'failed', timedOut, reason });
    this.exchange?.abort();
  }
}
