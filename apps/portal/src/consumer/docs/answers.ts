import { PROBLEMS, type ProblemSlug } from '@tollwright/core';

export interface Answer {
  readonly slug: ProblemSlug;
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** What a gateway may answer a call with instead of the API's own answer. */
const OF_CALLS: readonly ProblemSlug[] = [
  'bad-request',
  'invalid-target',
  'invalid-key',
  'payment-required',
  'payment-invalid',
  'forbidden',
  'unknown-route',
  'method-not-allowed',
  'payment-in-progress',
  'payment-used',
  'idempotency-mismatch',
  'body-too-large',
  'unsupported-media-type',
  'invalid-input',
  'unbounded-call',
  'rate-limited',
  'quota-exhausted',
  'quota-held',
  'budget-exhausted',
  'budget-held',
  'upstream-failed',
  'state-unavailable',
  'payment-unknown',
  'draining',
  'upstream-timeout',
];

/** The refusals and failures of a call in the order of their status, each with what to do. */
export function callAnswers(): readonly Answer[] {
  return OF_CALLS.map((slug) => ({ slug, ...PROBLEMS[slug] })).toSorted((a, b) => a.status - b.status);
}

/** What the gateway adds to an answer. */
export const RESPONSE_HEADERS = [
  { name: 'X-Request-Id', on: 'Every answer', says: 'Names the call. Quote it to support; usage and calls list it.' },
  {
    name: 'Tollwright-Cost-Usd',
    on: 'Answers whose cost is known with the head',
    says: 'What the call was charged, in dollars. Streamed answers are charged when they end: see usage.',
  },
  {
    name: 'RateLimit, RateLimit-Policy',
    on: 'Calls with a key on a plan with a rate limit, and refusals by quota or budget',
    says: 'What the limit is, what is left of it, and in how many seconds it starts again.',
  },
  { name: 'Retry-After', on: '429 and 503', says: 'Seconds to wait before asking again.' },
  { name: 'PAYMENT-REQUIRED', on: '402', says: 'Every offer by which the call may be paid, for x402 clients.' },
  { name: 'PAYMENT-RESPONSE', on: 'Paid answers', says: 'The receipt: the transaction that settled the payment.' },
] as const;
