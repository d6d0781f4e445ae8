import type { IncomingHttpHeaders } from 'node:http';

/** What a call's span is told when it is over. */
export interface SpanEnd {
  readonly status: number;
  readonly requestId: string;
  readonly apiId: string | null;
  /** The template of the route that was matched; null where there was none. */
  readonly route: string | null;
}

/** One call in its caller's trace. */
export interface CallSpan {
  /** `traceparent` and `tracestate` for the upstream, as a flat list: this span is its parent. */
  readonly headers: readonly string[];
  end(end: SpanEnd): void;
}

/** Where spans of calls go. */
export interface Tracing {
  /** Begins a call's span: a child of the caller's where `traceparent` names one, else the first of a new trace. */
  begin(method: string, headers: IncomingHttpHeaders): CallSpan;
  /** Exports what waits. */
  shutdown(): Promise<void>;
}

const CONTEXT_NAMES: ReadonlySet<string> = new Set(['traceparent', 'tracestate']);

/** Headers for an upstream with the call's own context in place of the caller's; without a span they stay as they are. */
export function withContext(headers: string[], span: CallSpan | null): string[] {
  if (span === null) return headers;
  const out: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!CONTEXT_NAMES.has(name)) out.push(name, headers[at + 1] as string);
  }
  out.push(...span.headers);
  return out;
}
