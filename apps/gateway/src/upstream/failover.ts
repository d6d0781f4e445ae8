import type { IncomingHttpHeaders } from 'node:http';
import { Breaker, type BreakerState, type Verdict } from './breaker.ts';
import type {
  UpstreamAddress,
  UpstreamClient,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamRequest,
  UpstreamSink,
  UpstreamWay,
} from './upstream.ts';

/** A breaker that changed its state. `owner` is the API that it serves. */
export interface BreakerChange {
  readonly owner: string;
  readonly origin: string;
  readonly state: BreakerState;
}

export interface FailoverOptions {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly onChange: (change: BreakerChange) => void;
}

/** Breakers kept; beyond that the oldest is forgotten, which closes it. */
const BREAKERS_MAX = 10_000;
/** Answers with which an upstream says that it cannot serve; a 500 may be the fault of what a caller sent. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Puts breakers and failover over a client. A call goes to the first address whose breaker lets it, and to the next only
 * while nothing of it was written: when no connection could be made. It never goes anywhere twice.
 */
export function withFailover(client: UpstreamClient, options: FailoverOptions): UpstreamWay {
  const breakers = new Map<string, Breaker>();

  function breakerOf(request: Pick<UpstreamRequest, 'breaker'>, origin: string): Breaker | null {
    if (request.breaker == null) return null;
    const { owner, options: wanted } = request.breaker;
    const key = `${owner} ${origin}`;
    let breaker = breakers.get(key);
    if (breaker === undefined) {
      breaker = new Breaker(wanted, (state) => options.onChange({ owner, origin, state }));
      breakers.set(key, breaker);
      if (breakers.size > BREAKERS_MAX) for (const oldest of breakers.keys()) if (breakers.delete(oldest)) break;
    }
    breaker.options = wanted;
    return breaker;
  }

  return {
    send(request, sink) {
      if (request.breaker == null && (request.fallbacks?.length ?? 0) === 0) return client.send(request, sink);
      const journey = new Journey(request, sink, { client, breakerOf, nowMs: options.nowMs });
      journey.start();
      return journey;
    },
    closedForMs(choice) {
      let soonestMs = Number.POSITIVE_INFINITY;
      for (const { origin } of [choice, ...(choice.fallbacks ?? [])]) {
        const closedMs = breakerOf(choice, origin)?.closedForMs(options.nowMs()) ?? null;
        if (closedMs === null) return null;
        soonestMs = Math.min(soonestMs, closedMs);
      }
      return soonestMs;
    },
    close: () => client.close(),
  };
}

interface Means {
  readonly client: UpstreamClient;
  readonly breakerOf: (request: UpstreamRequest, origin: string) => Breaker | null;
  readonly nowMs: () => number;
}

/** One call on its way past the addresses of its API. */
class Journey implements UpstreamExchange, UpstreamSink {
  readonly #request: UpstreamRequest;
  readonly #sink: UpstreamSink;
  readonly #means: Means;
  readonly #startedMs: number;
  /** How many addresses were tried or passed by; the request's own is the first. */
  #next = 0;
  #current: UpstreamExchange | null = null;
  #breaker: Breaker | null = null;
  #ticket = 0;
  #retryAfterMs = Number.POSITIVE_INFINITY;
  #over = false;
  #paused = false;

  constructor(request: UpstreamRequest, sink: UpstreamSink, means: Means) {
    this.#request = request;
    this.#sink = sink;
    this.#means = means;
    this.#startedMs = means.nowMs();
  }

  /** Sends the call to the first address that may be asked; the sink hears nothing before this returns. */
  start(): void {
    if (!this.#goOn()) process.nextTick(() => this.#end(this.#whyNowhere()));
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#report(UNAVAILABLE.has(status) ? 'failed' : 'ok');
    this.#sink.onHead(status, headers);
  }

  onData(chunk: Buffer): void {
    this.#sink.onData(chunk);
  }

  onEnd(): void {
    this.#over = true;
    this.#sink.onEnd();
  }

  onFailure(failure: UpstreamFailure): void {
    this.#report(this.#verdictOf(failure));
    if (failure.phase === 'connect' && failure.kind !== 'aborted' && failure.fault !== 'request') {
      if (this.#goOn()) return;
    }
    this.#end(failure);
  }

  pause(): void {
    this.#paused = true;
    this.#current?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#current?.resume();
  }

  abort(): void {
    if (this.#current !== null) this.#current.abort();
    else this.#end({ kind: 'aborted', phase: 'connect', cause: null });
  }

  /** Asks the next address that may be asked; false when there is none, or no time. */
  #goOn(): boolean {
    const { client, breakerOf, nowMs } = this.#means;
    const request = this.#request;
    const all = request.fallbacks ?? [];
    while (this.#next <= all.length) {
      const now = nowMs();
      const leftMs = request.timeouts.totalTimeoutMs - (now - this.#startedMs);
      if (this.#next > 0 && leftMs <= 0) return false;
      const address = this.#next === 0 ? null : (all[this.#next - 1] as UpstreamAddress);
      this.#next += 1;
      const breaker = breakerOf(request, address?.origin ?? request.origin);
      const admission = breaker?.admit(now);
      if (admission?.kind === 'refused') {
        this.#retryAfterMs = Math.min(this.#retryAfterMs, admission.retryAfterMs);
        continue;
      }
      this.#breaker = breaker;
      this.#ticket = admission?.ticket ?? 0;
      const turn = this.#next;
      const exchange = client.send(address === null ? request : redirected(request, address, leftMs), this);
      // A client may fail before it returns; then the call is elsewhere already.
      if (this.#next !== turn) return true;
      this.#current = exchange;
      if (this.#paused) exchange.pause();
      return true;
    }
    return false;
  }

  #whyNowhere(): UpstreamFailure {
    const cause = new Error('the circuit breaker of every address is open');
    return { kind: 'failed', phase: 'connect', cause, fault: 'upstream', retryAfterMs: this.#retryAfterMs };
  }

  #verdictOf({ kind, fault }: UpstreamFailure): Verdict {
    if (kind === 'aborted' || fault === 'request') return 'unknown';
    const { totalIsCallers = false, totalTimeoutMs } = this.#request.timeouts;
    const spentMs = this.#means.nowMs() - this.#startedMs;
    return kind === 'timeout' && totalIsCallers && spentMs >= totalTimeoutMs ? 'unknown' : 'failed';
  }

  #report(verdict: Verdict): void {
    this.#breaker?.report(this.#ticket, verdict, this.#means.nowMs());
  }

  #end(failure: UpstreamFailure): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.onFailure(failure);
  }
}

function redirected(request: UpstreamRequest, address: UpstreamAddress, totalTimeoutMs: number): UpstreamRequest {
  const { origin, host, target } = address;
  const headers = [...request.headers];
  for (let i = 0; i + 1 < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'host') headers[i + 1] = host;
  return { ...request, origin, target, headers, timeouts: { ...request.timeouts, totalTimeoutMs } };
}
