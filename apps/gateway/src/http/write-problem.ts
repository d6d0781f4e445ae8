import type { ServerResponse } from 'node:http';
import { toJson } from '@tollwright/contracts';
import { PROBLEMS, type Problem, problemDocument } from '@tollwright/core';

/** Where a problem happened. `headers` is a flat list that joins the answer, such as `RateLimit` fields. */
export interface ProblemContext {
  readonly portalUrl: string;
  readonly instance: string;
  readonly requestId: string;
  readonly headers?: readonly string[];
  /** Members that a protocol wants in the same document, such as version 1 of x402. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Answers with `application/problem+json`; 503 always says when to come back. */
export function writeProblem(response: ServerResponse, problem: Problem, context: ProblemContext): void {
  if (response.headersSent || response.destroyed) return;
  const { status } = PROBLEMS[problem.slug];
  const { portalUrl: publicUrl, instance, requestId } = context;
  const document = problemDocument(problem, { publicUrl, instance, requestId });
  const body = toJson({ ...document, ...context.members });
  const headers = [
    'content-type',
    'application/problem+json',
    'content-length',
    String(Buffer.byteLength(body)),
    'cache-control',
    'no-store',
    'x-request-id',
    requestId,
    ...(context.headers ?? []),
  ];
  const retryAfterSeconds = problem.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds));
  if (status === 401) headers.push('www-authenticate', 'Bearer realm="tollwright"');
  response.writeHead(status, headers);
  response.end(body);
}
