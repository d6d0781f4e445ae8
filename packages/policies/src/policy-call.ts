import type { Principal } from '@tollwright/contracts';
import type { EventData, NanoUsd } from '@tollwright/core';

/** A body as JSON. `malformed`: it is no JSON, or no UTF-8. */
export type BodyDocument =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'json'; readonly value: unknown };

/**
 * One call as policies see it, read-only. The body is null before it was read, and where no policy reads it;
 * `text` and `document` read it once.
 */
export interface PolicyCall {
  readonly apiId: string;
  readonly routeId: string;
  readonly operationId: string;
  readonly method: string;
  /** Canonical, below the API's address; and the template that it matched. */
  readonly path: string;
  readonly pathTemplate: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** The address of the socket, or of the farthest proxy that is not trusted. */
  readonly clientIp: string;
  /** Null is a stranger. Identity, scopes and the owner's metadata of the key. */
  readonly principal: Principal | null;
  readonly planKey: string | null;
  readonly nowMs: number;
  /** Bytes that the request announces; null when it announces none or streams. */
  readonly bodyBytes: number | null;
  /** The body as text; null when there is none, or it is not UTF-8. */
  text(): string | null;
  /** `name` in lower case; several lines are joined by commas. */
  header(name: string): string | undefined;
  document(): BodyDocument;
}

/** What came of a forwarded call. */
export interface PolicyOutcome {
  readonly status: number;
  /** What the answer was read into: `model`, `input_tokens`, ...; and what it cost. */
  readonly fields: EventData;
  readonly chargedNanoUsd: NanoUsd;
  readonly bytesOut: number;
  readonly durationMs: number;
}
