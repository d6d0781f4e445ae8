import { PROBLEMS, type Problem, problemDocument } from '@tollwright/core';

/** A problem as an HTTP answer. `publicUrl` is the portal's address, under which the problem pages are. */
export function problemResponse(
  problem: Problem,
  context: { publicUrl: string; instance: string; requestId: string },
): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': context.requestId,
  });
  if (problem.retryAfterSeconds !== undefined) headers.set('retry-after', String(problem.retryAfterSeconds));
  if (PROBLEMS[problem.slug].status === 401) headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify(problemDocument(problem, context)), {
    status: PROBLEMS[problem.slug].status,
    headers,
  });
}
