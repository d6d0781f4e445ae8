import type { IncomingHttpHeaders } from 'node:http';
import type { BreakerOptions } from '@tollwright/contracts';

/** One request to an upstream, exactly as it was priced. */
export interface UpstreamRequest {
  readonly origin: string;
  readonly method: string;
  /** Path and query, forwarded as they are. */
  readonly target: string;
  /** Flat list of names and values. */
  readonly headers: string[];
  readonly body: Buffer | AsyncIterable<Buffer> | null;
  /** Exact length of a body that is streamed, where it is known; otherwise it goes in chunks. */
  readonly bodyBytes?: number | null;
  readonly timeouts: UpstreamTimeouts;
  /** Other addresses of the same API, tried in order while nothing of the call was written. */
  readonly fallbacks?: readonly UpstreamAddress[];
  /** Breakers are kept by owner (an API) and origin, so that nobody's failures close another's way. Null: none. */
  readonly breaker?: { readonly owner: string; readonly options: BreakerOptions } | null;
}

/** Where a request can go: an origin, its `host` header, and the target below its base path. */
export interface UpstreamAddress {
  readonly origin: string;
  readonly host: string;
  readonly target: string;
}

/** Milliseconds. `firstByte` starts when the request is on its way, `idle` with each byte, `total` at the start. */
export interface UpstreamTimeouts {
  readonly connectTimeoutMs: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  /** The total is the caller's choice, who must not be able to make an upstream look slow by it. */
  readonly totalIsCallers?: boolean;
}

/**
 * Why an exchange ended without a whole answer. At `connect` no byte of it was written. `cause` is for the log only.
 * `fault` is `request` when its own body broke off, or it could not be written: the upstream is not to blame.
 */
export interface UpstreamFailure {
  readonly kind: 'failed' | 'timeout' | 'aborted';
  readonly phase: 'connect' | 'first-byte' | 'body';
  readonly cause: unknown;
  readonly fault?: 'upstream' | 'request';
  /** Nobody was asked, as breakers are open; when one may be asked again. */
  readonly retryAfterMs?: number;
}

/** Who takes the answer as it comes. Exactly one of `onEnd` and `onFailure` is the last call. */
export interface UpstreamSink {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(failure: UpstreamFailure): void;
}

/** A running exchange. */
export interface UpstreamExchange {
  pause(): void;
  resume(): void;
  /** Ends the exchange now; the sink hears `onFailure` with kind `aborted` unless it has ended. */
  abort(): void;
}

/** The way to upstreams. Nothing is ever sent twice. */
export interface UpstreamClient {
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamExchange;
  close(): Promise<void>;
}

/** A client that knows which addresses fail. */
export interface UpstreamWay extends UpstreamClient {
  /**
   * How long nobody would be asked for such a call, in milliseconds: the breaker of every address is open. Null when somebody
   * would. For who has to know before the call is sent; asking changes nothing.
   */
  closedForMs(choice: Pick<UpstreamRequest, 'origin' | 'fallbacks' | 'breaker'>): number | null;
}
