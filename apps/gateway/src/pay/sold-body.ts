import type { ExtractorRule } from '@tollwright/contracts';
import type { Problem } from '@tollwright/core';
import { countsTokens, readPricedBody } from '@tollwright/policies';
import type { LeanRequest } from '../http/lean-request.ts';
import { type Body, pricedBodyProblem } from '../http/read-body.ts';

/** Why a body cannot be sold, or null: where a model answers, it must read the same to everyone, as under a plan. */
export function soldBodyProblem(
  request: LeanRequest,
  rule: ExtractorRule | null,
  body: Extract<Body, { kind: 'none' | 'buffered' }>,
): Problem | null {
  if (!countsTokens(rule)) return null;
  const problem = pricedBodyProblem(request, body);
  if (problem !== null || body.kind === 'none' || body.bytes.length === 0) return problem;
  const read = readPricedBody(body.bytes);
  return read.kind === 'refused' ? read.problem : null;
}

/** Whether a call asks for its answer as a stream of events. */
export function asksForStream(
  { headers }: Pick<LeanRequest, 'headers'>,
  body: Extract<Body, { kind: 'none' | 'buffered' }>,
): boolean {
  if (/\btext\/event-stream\b/i.test([headers.accept ?? ''].flat().join(','))) return true;
  return body.kind === 'buffered' && body.bytes.includes('"stream"') && isStreamed(parsed(body.bytes));
}

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
