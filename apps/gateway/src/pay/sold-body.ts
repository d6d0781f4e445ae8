import type { ExtractorRule } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import { countsTokens, readPricedBody } from '@tollwright/policies';
import type { LeanRequest } from '../http/lean-request.ts';
import { type Body, pricedBodyProblem } from '../http/read-body.ts';

/**
 * Why a body cannot be sold, or null. A stream cannot: its answer would be produced, and then not be paid for. So where a
 * model answers, the body must read the same to everyone, as under a plan.
 */
export function soldBodyProblem(
  request: LeanRequest,
  rule: ExtractorRule | null,
  body: Extract<Body, { kind: 'none' | 'buffered' }>,
): Problem | null {
  if (rule === null) return null;
  if (!countsTokens(rule)) return body.kind === 'buffered' && isStreamed(parsed(body.bytes)) ? NO_STREAMS : null;
  const problem = pricedBodyProblem(request, body);
  if (problem !== null || body.kind === 'none' || body.bytes.length === 0) return problem;
  const read = readPricedBody(body.bytes);
  if (read.kind === 'refused') return read.problem;
  return isStreamed(read.document) ? NO_STREAMS : null;
}

const NO_STREAMS: Problem = {
  slug: 'invalid-input',
  detail: 'Strangers pay for answers that are not streamed. Leave out stream, or send an API key.',
  members: { errors: [{ path: 'stream', message: 'must be false: strangers pay for answers that are not streamed' }] },
};

function isStreamed(document: unknown): boolean {
  return typeof document === 'object' && document !== null && 'stream' in document && document.stream === true;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
