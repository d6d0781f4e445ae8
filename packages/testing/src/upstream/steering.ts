import type { IncomingHttpHeaders } from 'node:http';

/** How one call wants to be answered: from `x-upstream-*` headers, or from the member `upstream` of a JSON body. */
export type Steering = {
  readonly delayMs: number;
  readonly status: number;
  /** Tokens the model would write if nothing capped it. */
  readonly completionTokens: number;
  /** What `usage` claims instead of the truth; null = the truth. */
  readonly reportedPromptTokens: number | null;
  readonly reportedCompletionTokens: number | null;
  readonly chunkIntervalMs: number;
  readonly chunks: number;
  /** The connection is destroyed after so many chunks; null = never. */
  readonly cutAfterChunks: number | null;
  /** Nothing more is written after so many chunks, until the caller goes; null = never. */
  readonly stallAfterChunks: number | null;
  readonly omitUsage: boolean;
  /** `usage` says zero. */
  readonly zeroUsage: boolean;
  /** `usage` says three times the bytes and the cap of the request: three times what can have been held for it. */
  readonly tripleUsage: boolean;
  /** The cap of the request is not obeyed. */
  readonly ignoreCap: boolean;
  /** Input tokens that a cache served. */
  readonly cachedTokens: number;
  /** The answer carries headers of payments, as if the upstream had been paid or wanted to be. */
  readonly paymentHeaders: boolean;
};

/** Reads the wishes of a call; a header wins over the body. */
export function steeringOf(headers: IncomingHttpHeaders, body: Record<string, unknown>): Steering {
  const wishes = isRecord(body.upstream) ? body.upstream : {};
  const wish = (name: string, field: string): number | null => numberOf(headers[`x-upstream-${name}`] ?? wishes[field]);
  const isWished = (name: string, field: string): boolean => (wish(name, field) ?? 0) > 0;
  return {
    delayMs: wish('delay-ms', 'delayMs') ?? 0,
    status: wish('status', 'status') ?? 200,
    completionTokens: wish('completion-tokens', 'completionTokens') ?? 16,
    reportedPromptTokens: wish('reported-prompt-tokens', 'reportedPromptTokens'),
    reportedCompletionTokens: wish('reported-completion-tokens', 'reportedCompletionTokens'),
    chunkIntervalMs: wish('chunk-interval-ms', 'chunkIntervalMs') ?? 200,
    chunks: wish('chunks', 'chunks') ?? 5,
    cutAfterChunks: wish('cut-after-chunks', 'cutAfterChunks'),
    stallAfterChunks: wish('stall-after-chunks', 'stallAfterChunks'),
    omitUsage: isWished('omit-usage', 'omitUsage'),
    zeroUsage: isWished('zero-usage', 'zeroUsage'),
    tripleUsage: isWished('triple-usage', 'tripleUsage'),
    ignoreCap: isWished('ignore-cap', 'ignoreCap'),
    cachedTokens: wish('cached-tokens', 'cachedTokens') ?? 0,
    paymentHeaders: isWished('payment-headers', 'paymentHeaders'),
  };
}

/** Tells whether a JSON value is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A non-negative integer from a header or a JSON number; anything else is null. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : null;
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : null;
}
