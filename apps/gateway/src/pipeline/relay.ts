import type { IncomingHttpHeaders } from 'node:http';
import { formatUsd, type Problem } from '@tollwright/core';
import { editHeaders } from '../guard/edit-headers.ts';
import { responseHeaders } from '../http/response-headers.ts';
import { createMeter, isJson, NO_METER, nothingRead, type ResponseMeter } from '../meter/meter.ts';
import type { EventTail } from '../spool/record.ts';
import { progressJson } from '../spool/record-json.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamSink } from '../upstream/upstream.ts';
import { outcomeOf } from './outcome.ts';
import type { Granted } from './reserve.ts';
import { refuse, type Visit } from './visit.ts';

/** Short JSON answers are held back until their cost is known, so that the head can say it. */
const HELD_BYTES_MAX = 256 * 1024;
const PROGRESS_EVERY_MS = 1_000;
const PROGRESS_EVERY_BYTES = 64 * 1024;
const CALLER_GONE = 499;

const COST_FIELD = 'tollwright-cost-usd';

/** Records the outcome; `answered` is called when it is in the spool, and finishes the answer. */
export type Finish = (tail: EventTail, answered: () => void) => void;

/** Carries one upstream answer to the caller, metering it on the way. Ends exactly once. */
export class Relay implements UpstreamSink {
  readonly #visit: Visit;
  readonly #granted: Granted;
  readonly #limitHeaders: readonly string[];
  readonly #finish: Finish;
  #exchange: UpstreamExchange | null = null;
  #meter: ResponseMeter = NO_METER;
  #upstreamStatus: number | null = null;
  #headers: string[] = [];
  /** Chunks held back while the cost is unknown; null once the head is out. */
  #held: Buffer[] | null = null;
  #bytesOut = 0;
  #firstByteMark: number | null = null;
  #progressMark = 0;
  #progressBytes = 0;
  #ended = false;

  constructor(visit: Visit, granted: Granted, limitHeaders: readonly string[], finish: Finish) {
    this.#visit = visit;
    this.#granted = granted;
    this.#limitHeaders = limitHeaders;
    this.#finish = finish;
  }

  /** Starts the exchange, unless the caller is gone already. */
  start(send: (sink: UpstreamSink) => UpstreamExchange): void {
    const { response } = this.#visit;
    if (response.destroyed) {
      this.#end(CALLER_GONE, false, () => undefined);
      return;
    }
    response.on('close', () => {
      if (!response.writableFinished) this.#exchange?.abort();
    });
    this.#exchange = send(this);
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#upstreamStatus = status;
    this.#firstByteMark = performance.now();
    this.#progressMark = this.#firstByteMark;
    const { guard } = this.#granted.call;
    const own = responseHeaders(headers);
    this.#headers = guard === null ? own : editHeaders(own, guard.edits, 'response');
    this.#meter = this.#meterOf(headers);
    if (this.#knowsCost()) {
      this.#writeHead(this.#costNow());
      return;
    }
    const length = Number(headers['content-length'] ?? 0);
    if (isJson(headers['content-type'] ?? '') && length <= HELD_BYTES_MAX) this.#held = [];
    else this.#writeHead(null);
  }

  onData(chunk: Buffer): void {
    this.#bytesOut += chunk.length;
    this.#meter.push(chunk);
    if (this.#held === null) {
      this.#write(chunk);
      return;
    }
    this.#held.push(chunk);
    if (this.#bytesOut <= HELD_BYTES_MAX) return;
    const held = this.#held;
    this.#held = null;
    this.#writeHead(null);
    for (const part of held) this.#write(part);
  }

  onEnd(): void {
    const { response } = this.#visit;
    const held = this.#held;
    this.#end(this.#upstreamStatus ?? 0, this.#succeeded(), (tail) => {
      if (held === null) {
        response.end();
        return;
      }
      this.#writeHead(formatUsd(tail.chargedNanoUsd));
      response.end(held.length === 1 ? held[0] : Buffer.concat(held));
    });
  }

  onFailure(failure: UpstreamFailure): void {
    const { response, gateway, requestId } = this.#visit;
    const timedOut = failure.kind === 'timeout';
    if (failure.kind === 'aborted') {
      this.#end(this.#upstreamStatus ?? CALLER_GONE, this.#succeeded(), () => undefined);
      return;
    }
    gateway.log.warn({ requestId, phase: failure.phase, timedOut, err: failure.cause }, 'an upstream failed');
    const cutInBody = response.headersSent;
    const status = cutInBody ? (this.#upstreamStatus ?? 0) : timedOut ? 504 : 502;
    this.#end(status, cutInBody && timedOut && this.#succeeded(), () => {
      if (cutInBody) response.destroy();
      else refuse(this.#visit, failureProblem(timedOut), { headers: [...this.#limitHeaders, COST_FIELD, '0.00'] });
    });
  }

  #end(status: number, billable: boolean, answer: (tail: EventTail) => void): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#meter.end();
    const tail = this.#tail(status, billable);
    const { gateway, response, requestId } = this.#visit;
    this.#finish(tail, () => {
      try {
        answer(tail);
      } catch (error) {
        gateway.log.error({ err: error, requestId }, 'an answer could not be written');
        response.destroy();
      }
    });
  }

  #tail(status: number, billable: boolean): EventTail {
    const { startedMark } = this.#visit;
    return outcomeOf(this.#granted, {
      reading: billable ? this.#meter.reading() : nothingRead(),
      status,
      upstreamStatus: this.#upstreamStatus,
      bytesOut: this.#bytesOut,
      durationMs: milliseconds(performance.now() - startedMark),
      firstByteMs: this.#firstByteMark === null ? null : milliseconds(this.#firstByteMark - startedMark),
      billable,
    });
  }

  #succeeded(): boolean {
    return this.#upstreamStatus !== null && this.#upstreamStatus >= 200 && this.#upstreamStatus < 300;
  }

  /** Without an extractor the price depends on nothing in the body, and a failure is free. */
  #knowsCost(): boolean {
    return this.#granted.call.route.rule === null || !this.#succeeded();
  }

  #costNow(): string {
    return formatUsd(this.#tail(this.#upstreamStatus ?? 0, this.#succeeded()).chargedNanoUsd);
  }

  #writeHead(costUsd: string | null): void {
    const { response, requestId } = this.#visit;
    const headers = this.#headers;
    headers.push('x-request-id', requestId, ...this.#limitHeaders);
    if (costUsd !== null) headers.push(COST_FIELD, costUsd);
    response.writeHead(this.#upstreamStatus ?? 502, headers);
    if (this.#held === null) response.flushHeaders();
  }

  #write(chunk: Buffer): void {
    const { response } = this.#visit;
    if (!response.write(chunk)) {
      this.#exchange?.pause();
      response.once('drain', () => this.#exchange?.resume());
    }
    this.#noteProgress();
  }

  #noteProgress(): void {
    const now = performance.now();
    const due = now - this.#progressMark >= PROGRESS_EVERY_MS;
    if (!due && this.#bytesOut - this.#progressBytes < PROGRESS_EVERY_BYTES) return;
    this.#progressMark = now;
    this.#progressBytes = this.#bytesOut;
    const { gateway, eventId } = this.#visit;
    gateway.spool.progress(progressJson(eventId, this.#tail(this.#upstreamStatus ?? 0, this.#succeeded())));
  }

  #meterOf(headers: IncomingHttpHeaders): ResponseMeter {
    const { route, worst } = this.#granted.call;
    const answer = {
      contentType: headers['content-type'] ?? '',
      contentEncoding: headers['content-encoding'] ?? '',
    };
    const outputTokensBound = worst.cap === null ? 0 : worst.cap.tokensPerChoice * worst.cap.choices;
    return createMeter(route.rule, answer, { inputBytes: worst.inputBytes, outputTokensBound });
  }
}

function failureProblem(timedOut: boolean): Problem {
  return timedOut
    ? { slug: 'upstream-timeout', detail: 'The API behind this gateway did not answer in time. Nothing was charged.' }
    : { slug: 'upstream-failed', detail: 'The API behind this gateway failed. Nothing was charged.' };
}

function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
