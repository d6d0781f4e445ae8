import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { formatUsd, type Problem } from '@tollwright/core';
import { readsAnswer } from '@tollwright/policies';
import { editHeaders } from '../guard/edit-headers.ts';
import type { Guard } from '../guard/guard.ts';
import { responseHeaders } from '../http/response-headers.ts';
import {
  createMeter,
  headOf,
  isEventStream,
  isJson,
  isPlain,
  NO_METER,
  nothingRead,
  type Reading,
  type ResponseMeter,
  untilCounted,
} from '../meter/meter.ts';
import type { EventTail } from '../spool/record.ts';
import { progressJson } from '../spool/record-json.ts';
import type { UpstreamExchange, UpstreamFailure, UpstreamSink } from '../upstream/upstream.ts';
import { cutEvent } from './cut-event.ts';
import { isOverHold, outcomeOf, type Rated } from './outcome.ts';
import { refuse, type Visit } from './visit.ts';

/** Short JSON answers are held back until their cost is known, so that the head can say it. */
const HELD_BYTES_MAX = 256 * 1024;
const PROGRESS_EVERY_MS = 1_000;
const PROGRESS_EVERY_BYTES = 64 * 1024;
const CALLER_GONE = 499;

const COST_FIELD = 'tollwright-cost-usd';

/** What a relay needs of a call. `tag` is where it holds; null where nothing is held, and nothing charged before its end. */
export interface Relayed extends Rated {
  readonly tag: string | null;
  readonly call: Rated['call'] & { readonly guard: Pick<Guard, 'edits'> | null };
}

/** How an answer ends, where that is not as its outcome says: what was charged in the end, and a stream's last event. */
export interface Closing {
  readonly tail: EventTail;
  readonly event: string;
}

/** Records the outcome; `answered` is called when it is in the spool, and finishes the answer. */
export type Finish = (tail: EventTail, answered: (closing?: Closing) => void) => void;

/** Why a gateway cuts an answer: what is held for the call is used up, or nobody could pay for more of it later. */
export type Cut = 'spent' | 'ends';

/** The request body as the relay needs it: to count what was sent. `bytes` is null where the body was not read. */
export interface Sent {
  readonly bytes: Buffer | null;
  /** Bytes that were taken from the caller so far. */
  bytesIn(): number;
}

/** Carries one upstream answer to the caller, metering it on the way. Ends exactly once. */
export class Relay implements UpstreamSink {
  readonly #visit: Visit;
  readonly #granted: Relayed;
  readonly #limitHeaders: readonly string[];
  readonly #sent: Sent;
  readonly #finish: Finish;
  #exchange: UpstreamExchange | null = null;
  #meter: ResponseMeter = NO_METER;
  #upstreamStatus: number | null = null;
  #headers: string[] = [];
  /** Chunks held back while the cost is unknown; null once the head is out. */
  #held: Buffer[] | null = null;
  #bytesOut = 0;
  #wrote = false;
  #firstByteMark: number | null = null;
  #progressMark = 0;
  #progressBytes = 0;
  /** Streams end with an event that says why they were cut; other answers are broken off. */
  #isStream = false;
  #cutBy: Cut | null = null;
  /** The cost follows the body, since the head left before it was known. */
  #trails = false;
  #endedMark: number | null = null;

  constructor(visit: Visit, granted: Relayed, limitHeaders: readonly string[], sent: Sent, finish: Finish) {
    this.#visit = visit;
    this.#granted = granted;
    this.#limitHeaders = limitHeaders;
    this.#sent = sent;
    this.#finish = finish;
  }

  /** Starts the exchange, unless the caller is gone already. */
  start(send: (sink: UpstreamSink) => UpstreamExchange): void {
    const { response } = this.#visit;
    if (response.destroyed) {
      this.#end(CALLER_GONE, false, () => undefined);
      return;
    }
    this.#watchCaller();
    this.#exchange = send(this);
  }

  /** Takes over an exchange whose head has just come. */
  adopt(exchange: UpstreamExchange, status: number, headers: IncomingHttpHeaders): void {
    this.#exchange = exchange;
    this.onHead(status, headers);
    if (this.#visit.response.destroyed) exchange.abort();
    else this.#watchCaller();
  }

  /** The upstream has to stop. What it sent until now is charged. */
  cut(why: Cut): void {
    if (this.#cutBy !== null || this.#endedMark !== null) return;
    this.#cutBy = why;
    this.#exchange?.abort();
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#upstreamStatus = status;
    this.#firstByteMark = performance.now();
    this.#progressMark = this.#firstByteMark;
    const { contentType, contentEncoding } = headOf(headers);
    this.#isStream = isEventStream(contentType) && isPlain(contentEncoding);
    // Events may be left out of a stream or join it: how long it is shows only at its end.
    const own = responseHeaders(this.#isStream ? { ...headers, 'content-length': undefined } : headers);
    const { guard } = this.#granted.call;
    this.#headers = guard === null ? own : editHeaders(own, guard.edits, 'response');
    this.#meter = this.#meterOf(headers);
    if (this.#knowsCost()) {
      this.#writeHead(this.#costNow());
      return;
    }
    const length = Number(headers['content-length'] ?? 0);
    if (isJson(contentType) && length <= HELD_BYTES_MAX) this.#held = [];
    else this.#writeHead(null);
  }

  onData(chunk: Buffer): void {
    const passed = this.#meter.push(chunk);
    if (passed !== null) this.#pass(passed);
    if (this.#meter.isSpent || this.#isBeyondBytes()) this.cut('spent');
  }

  onEnd(): void {
    const { response } = this.#visit;
    const rest = this.#meter.end();
    if (rest !== null) this.#pass(rest);
    const held = this.#held;
    this.#end(this.#upstreamStatus ?? 0, this.#succeeded(), (closing) => {
      if (held === null) return this.#writeLast(closing);
      this.#writeHead(formatUsd(closing.tail.chargedNanoUsd));
      endWhole(response, held);
    });
  }

  onFailure(failure: UpstreamFailure): void {
    const { response, gateway, requestId } = this.#visit;
    const timedOut = failure.kind === 'timeout';
    if (failure.kind === 'aborted') {
      this.#end(this.#upstreamStatus ?? CALLER_GONE, this.#succeeded(), (closing) => {
        if (this.#cutBy !== null) this.#writeCut(this.#cutBy, closing);
      });
      return;
    }
    gateway.log.warn({ requestId, phase: failure.phase, timedOut, err: failure.cause }, 'an upstream failed');
    const cutInBody = response.headersSent;
    const status = cutInBody ? (this.#upstreamStatus ?? 0) : timedOut ? 504 : 502;
    // Who pays for one call has not had it; an account pays for what came.
    const isServed = cutInBody && timedOut && this.#succeeded() && this.#granted.tag !== null;
    this.#end(status, isServed, (closing) => {
      if (cutInBody && this.#isStream && closing.event !== '') this.#writeLast(closing);
      else if (cutInBody) response.destroy();
      else
        refuse(this.#visit, failureProblem(timedOut, failure.retryAfterMs), {
          headers: [...this.#limitHeaders, COST_FIELD, '0.00'],
        });
    });
  }

  #pass(chunk: Buffer): void {
    this.#bytesOut += chunk.length;
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

  #watchCaller(): void {
    const { response } = this.#visit;
    response.on('close', () => {
      if (!response.writableFinished) this.#exchange?.abort();
    });
  }

  /** Whether more bytes went out than the price was held for. An answer that is held back is short, and goes out whole. */
  #isBeyondBytes(): boolean {
    const { tariff, worst } = this.#granted.call;
    if (this.#held !== null || !tariff.boundFields.has('bytes_out')) return false;
    return this.#succeeded() && this.#bytesOut > Number(worst.data.bytes_out);
  }

  #writeCut(why: Cut, { tail, event }: Closing): void {
    if (!this.#isStream) this.#visit.response.destroy();
    else this.#writeLast({ tail, event: `${cutEvent(this.#visit, why, tail)}${event}` });
  }

  #writeLast({ tail, event }: Closing): void {
    const { response } = this.#visit;
    this.#writeTrailer(tail);
    if (event === '' || !this.#isStream) response.end();
    else response.end(event);
  }

  #end(status: number, billable: boolean, answer: (closing: Closing) => void): void {
    if (this.#endedMark !== null) return;
    this.#endedMark = performance.now();
    this.#meter.end();
    const counted = billable ? untilCounted(this.#meter) : null;
    if (counted === null) this.#record(status, billable, answer);
    else void counted.then(() => this.#record(status, billable, answer));
  }

  #record(status: number, billable: boolean, answer: (closing: Closing) => void): void {
    const tail = this.#tail(status, billable, billable ? this.#meter.reading() : nothingRead());
    const { gateway, response, requestId } = this.#visit;
    this.#finish(tail, (closing = { tail, event: '' }) => {
      try {
        answer(closing);
      } catch (error) {
        gateway.log.error({ err: error, requestId }, 'an answer could not be written');
        response.destroy();
      }
    });
  }

  #tail(status: number, billable: boolean, reading: Reading): EventTail {
    const { startedMark } = this.#visit;
    return outcomeOf(this.#granted, {
      reading,
      status,
      upstreamStatus: this.#upstreamStatus,
      bytesIn: this.#sent.bytesIn(),
      bytesOut: this.#bytesOut,
      durationMs: milliseconds((this.#endedMark ?? performance.now()) - startedMark),
      firstByteMs: this.#firstByteMark === null ? null : milliseconds(this.#firstByteMark - startedMark),
      billable,
    });
  }

  #succeeded(): boolean {
    return this.#upstreamStatus !== null && this.#upstreamStatus >= 200 && this.#upstreamStatus < 300;
  }

  /** Where nothing is read from the body the price is known at the head, and a failure is free. */
  #knowsCost(): boolean {
    if (!this.#succeeded()) return true;
    const { route, tariff } = this.#granted.call;
    return !readsAnswer(route.rule) && !tariff.knownAtEnd;
  }

  #costNow(): string {
    const billable = this.#succeeded();
    const reading = billable ? this.#meter.reading() : nothingRead();
    return formatUsd(this.#tail(this.#upstreamStatus ?? 0, billable, reading).chargedNanoUsd);
  }

  #writeHead(costUsd: string | null): void {
    const { response, requestId } = this.#visit;
    const headers = this.#headers;
    headers.push('x-request-id', requestId, ...this.#limitHeaders);
    if (costUsd !== null) headers.push(COST_FIELD, costUsd);
    else if (this.#mayTrail()) {
      this.#trails = true;
      headers.push('trailer', COST_FIELD);
    }
    response.writeHead(this.#upstreamStatus ?? 502, headers);
    if (this.#held === null) process.nextTick(() => this.#flushHead());
  }

  /** Trailers go with chunks alone: an answer that says its length, or a caller of HTTP/1.0, has none. */
  #mayTrail(): boolean {
    const { httpVersion, method } = this.#visit.response.req;
    return httpVersion === '1.1' && method !== 'HEAD' && !this.#headers.some((name) => name === 'content-length');
  }

  #writeTrailer({ chargedNanoUsd }: EventTail): void {
    if (this.#trails) this.#visit.response.addTrailers([[COST_FIELD, formatUsd(chargedNanoUsd)]]);
  }

  /** A head leaves together with what followed it in the same turn, and alone when nothing did. */
  #flushHead(): void {
    const { response } = this.#visit;
    if (!this.#wrote && !response.writableEnded && !response.destroyed) response.flushHeaders();
  }

  #write(chunk: Buffer): void {
    const { response } = this.#visit;
    this.#wrote = true;
    if (!response.write(chunk)) {
      this.#exchange?.pause();
      response.once('drain', () => this.#exchange?.resume());
    }
    this.#noteProgress();
  }

  #noteProgress(): void {
    if (this.#granted.tag === null) return;
    const now = performance.now();
    const due = now - this.#progressMark >= PROGRESS_EVERY_MS;
    if (!due && this.#bytesOut - this.#progressBytes < PROGRESS_EVERY_BYTES) return;
    this.#progressMark = now;
    this.#progressBytes = this.#bytesOut;
    const { gateway, eventId } = this.#visit;
    const billable = this.#succeeded();
    const reading = billable ? this.#meter.progress() : nothingRead();
    gateway.spool.progress(progressJson(eventId, this.#tail(this.#upstreamStatus ?? 0, billable, reading)));
  }

  #meterOf(headers: IncomingHttpHeaders): ResponseMeter {
    const { route, worst } = this.#granted.call;
    const { cap, asksUsage } = worst;
    return createMeter(route.rule, headOf(headers), {
      request: this.#sent.bytes,
      outputTokensBound: cap === null ? 0 : cap.tokensPerChoice * cap.choices,
      dropsUsage: asksUsage,
      isOverHold: cap === null || !this.#succeeded() ? null : (reading) => isOverHold(this.#granted, reading),
    });
  }
}

/** One string leaves in one write together with the head, where a buffer would take a gathering write of two. */
function endWhole(response: ServerResponse, parts: readonly Buffer[]): void {
  const body = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  response.end(body.toString('latin1'), 'latin1');
}

function failureProblem(timedOut: boolean, retryAfterMs: number | undefined): Problem {
  if (retryAfterMs !== undefined) {
    const detail = 'The API behind this gateway fails, and is not asked for a moment. Nothing was charged.';
    return { slug: 'upstream-failed', detail, retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) };
  }
  return timedOut
    ? { slug: 'upstream-timeout', detail: 'The API behind this gateway did not answer in time. Nothing was charged.' }
    : { slug: 'upstream-failed', detail: 'The API behind this gateway failed. Nothing was charged.' };
}

function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
