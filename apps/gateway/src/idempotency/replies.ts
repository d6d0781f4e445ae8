import type { Problem } from '@tollwright/core';
import type { BegunAnswer } from '@tollwright/state';
import type { Visit } from '../pipeline/visit.ts';
import { readUnstored, type StoredAnswer } from './note.ts';

/** Headers that belong to one request, not to its answer. */
const OF_ONE_REQUEST: ReadonlySet<string> = new Set([
  ...['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date', 'x-request-id'],
  ...['tollwright-cost-usd', 'trailer', 'tollwright-shadow', 'ratelimit', 'ratelimit-policy', 'retry-after'],
]);

export const MISMATCH: Problem = {
  slug: 'idempotency-mismatch',
  detail: 'This Idempotency-Key was first used for another request.',
};

/** The first call has no end yet. */
export function runningProblem({ callId }: BegunAnswer): Problem {
  return {
    slug: 'call-in-progress',
    detail: 'The first call with this Idempotency-Key is running.',
    members: { firstRequestId: requestIdOf(callId) },
    retryAfterSeconds: 1,
  };
}

/** Nobody knows what became of the first call: its gateway is gone for good. */
export function lostProblem({ callId }: BegunAnswer): Problem {
  return {
    slug: 'answer-not-stored',
    detail:
      'The gateway that ran the first call with this Idempotency-Key is gone. The call may have run and been charged.',
    members: { firstRequestId: requestIdOf(callId), reason: 'lost' },
  };
}

const REASONS = {
  streamed: 'its answer was a stream',
  'too-large': 'its answer was too large to be kept',
  cut: 'its answer was cut',
  interrupted: 'its gateway stopped while it ran',
  'too-many': 'too many answers were kept for this account',
} as const;

/** The first call ran, and its answer cannot be given again. */
export function notStoredProblem(note: string): Problem {
  const { requestId, reason, chargedNanoUsd } = readUnstored(note);
  return {
    slug: 'answer-not-stored',
    detail: `The first call with this Idempotency-Key ran and was charged ${chargedNanoUsd} nano-dollars; ${REASONS[reason]}.`,
    members: { firstRequestId: requestId, reason, chargedNanoUsd },
  };
}

/** Gives the first answer again, under the id of this request, for nothing. */
export function replay(
  { response, requestId, method }: Visit,
  { status, headers, body, requestId: first }: StoredAnswer,
) {
  const again: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string;
    if (!OF_ONE_REQUEST.has(name.toLowerCase())) again.push(name, headers[at + 1] as string);
  }
  again.push('x-request-id', requestId, 'tollwright-replayed', first, 'tollwright-cost-usd', '0.00');
  if (method !== 'HEAD') again.push('content-length', String(body.length));
  response.writeHead(status, again);
  response.end(method === 'HEAD' ? undefined : body);
}

/** Event ids and request ids name the same call. */
function requestIdOf(callId: string): string {
  return callId.replace(/^spl_/, 'req_');
}
