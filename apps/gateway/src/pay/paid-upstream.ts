import type { IncomingHttpHeaders } from 'node:http';
import { type HeaderFields, type Payment, validityMarginSeconds } from '@tollwright/payments';
import { forwardedBody, readsAnswer } from '@tollwright/policies';
import { editHeaders } from '../guard/edit-headers.ts';
import { upstreamHeaders } from '../http/request-headers.ts';
import { isEventStream } from '../meter/meter.ts';
import { type Closing, Relay } from '../pipeline/relay.ts';
import { upstreamChoice, upstreamTarget } from '../pipeline/upstream-target.ts';
import type { EventTail } from '../spool/record.ts';
import { withContext } from '../tracing/tracing.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamRequest, UpstreamSink } from '../upstream/upstream.ts';
import { type Collected, Collector } from './collect.ts';
import type { PaidCall } from './paid-call.ts';
import { isCeiling, ratedSale } from './sale.ts';

/** A ceiling is settled after a stream that may last as long as it is paid for: so much is kept for the way to the chain. */
const CEILING_MARGIN_MS = 30_000;

/** A stream that passed through to the caller as it came, and is over. `end` finishes the answer, once its money is settled. */
export type Streamed = {
  readonly kind: 'streamed';
  readonly tail: EventTail;
  readonly end: (closing?: Closing) => void;
};

/** How an answer may be passed on: whole only, or streams as they come, with these headers beside the upstream's own. */
export type Passing = { readonly kind: 'whole' } | { readonly kind: 'streams'; readonly headers: HeaderFields };

/**
 * Asks the upstream. A whole answer is waited for; an event stream that may pass is at the caller when this resolves, but for
 * its end. `deadlineMs`: what comes later is of no use; null without one.
 */
export function askUpstream(
  call: PaidCall,
  deadlineMs: number | null,
  passing: Passing,
): Promise<Collected | Streamed> {
  return new Promise((resolve) => {
    const sink = new PaidSink(call, passing, resolve);
    sink.start(call.visit.gateway.upstream.send(strangerRequest(call), sink), deadlineMs);
  });
}

/** Collects an answer, or relays it, as its head says. */
class PaidSink implements UpstreamSink {
  readonly #call: PaidCall;
  readonly #passing: Passing;
  readonly #resolve: (asked: Collected | Streamed) => void;
  readonly #collector: Collector;
  #relay: Relay | null = null;
  #exchange: UpstreamExchange | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(call: PaidCall, passing: Passing, resolve: (asked: Collected | Streamed) => void) {
    this.#call = call;
    this.#passing = passing;
    this.#resolve = (asked) => {
      clearTimeout(this.#timer);
      resolve(asked);
    };
    this.#collector = new Collector(call, this.#resolve);
  }

  start(exchange: UpstreamExchange, deadlineMs: number | null): void {
    this.#exchange = exchange;
    this.#collector.exchange = exchange;
    if (deadlineMs === null) return;
    this.#timer = setTimeout(() => {
      if (this.#relay === null) this.#collector.endLate();
      else this.#relay.cut('ends');
    }, deadlineMs);
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    const isStream = isEventStream(headers['content-type'] ?? '') && status >= 200 && status <= 299;
    const exchange = this.#exchange;
    if (!isStream || exchange === null || this.#passing.kind === 'whole') {
      this.#collector.onHead(status, headers);
      return;
    }
    this.#relay = relayOf(this.#call, this.#passing.headers, this.#resolve);
    this.#relay.adopt(exchange, status, headers);
  }

  onData(chunk: Buffer): void {
    (this.#relay ?? this.#collector).onData(chunk);
  }

  onEnd(): void {
    (this.#relay ?? this.#collector).onEnd();
  }

  onFailure(failure: UpstreamFailure): void {
    (this.#relay ?? this.#collector).onFailure(failure);
  }
}

function relayOf(call: PaidCall, headers: HeaderFields, resolve: (streamed: Streamed) => void): Relay {
  const { visit, route, sale, body, edits } = call;
  const rated = ratedSale(route, sale);
  const relayed = { ...rated, tag: null, call: { ...rated.call, guard: { edits: [...edits] } } };
  const bytes = body.kind === 'buffered' ? body.bytes : null;
  const sent = { bytes, bytesIn: () => bytes?.length ?? 0 };
  return new Relay(visit, relayed, headers.flat(), sent, (tail, end) => resolve({ kind: 'streamed', tail, end }));
}

/** What the upstream is asked for a call without an account. */
export function strangerRequest({
  visit,
  api,
  route,
  sale,
  body,
  edits,
}: Pick<PaidCall, 'visit' | 'api' | 'route' | 'sale' | 'body' | 'edits'>): UpstreamRequest {
  return {
    origin: api.origin,
    method: visit.method,
    target: upstreamTarget(api, visit),
    headers: editHeaders(
      withContext(
        upstreamHeaders(visit.request.rawHeaders, {
          host: api.host,
          requestId: visit.requestId,
          credential: api.credential,
          identityEncoding: readsAnswer(route.rule),
          stripped: api.keyHeaders,
        }),
        visit.span,
      ),
      edits,
      'request',
    ),
    body: body.kind === 'buffered' ? (forwardedBody(sale.worst) ?? body.bytes) : null,
    timeouts: api.snapshot.upstream,
    ...upstreamChoice(api, visit),
  };
}

/** How long the upstream may take: an answer that comes later might not be paid for any more. */
export function settleableMs(payment: Pick<Payment, 'offer' | 'validBeforeMs'>): number {
  const marginMs = isCeiling(payment) ? CEILING_MARGIN_MS : validityMarginSeconds * 1_000;
  return Math.max(0, payment.validBeforeMs - marginMs - Date.now());
}
