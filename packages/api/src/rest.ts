import { ProblemError } from '@tollwright/core';
import { runOnce } from '@tollwright/services';
import type { TRPCError } from '@trpc/server';
import { createOpenApiFetchHandler } from 'trpc-to-openapi';
import { problemResponse } from './problem-response.ts';
import { appRouter } from './router.ts';
import { type ApiContext, problemOf } from './trpc.ts';

export const REST_ENDPOINT = '/api/v1';

/** Answers one request of the management API. Failures are problem+json; a POST with an Idempotency-Key runs once. */
export async function handleRest(request: Request, context: ApiContext): Promise<Response> {
  const url = new URL(request.url);
  const told = {
    publicUrl: context.services.publicUrls.portalUrl,
    instance: url.pathname,
    requestId: context.requestId,
  };
  const key = request.headers.get('idempotency-key');
  if (request.method !== 'POST' || key === null) return answer(request, context, told);
  try {
    assertKey(key);
    const body = await request.text();
    const repeated = new Request(request.url, { method: 'POST', headers: request.headers, body });
    const wanted = { key, fingerprint: `POST ${url.pathname}\n${body}` };
    const stored = await runOnce(context.services, context.actor, wanted, async () => {
      const response = await answer(repeated, context, told);
      if (response.status >= 500) throw new NotStored(response);
      return { status: response.status, body: await response.text() };
    });
    const type = stored.status < 400 ? 'application/json' : 'application/problem+json';
    const headers = { 'content-type': type, 'cache-control': 'no-store', 'x-request-id': context.requestId };
    return new Response(stored.body, { status: stored.status, headers });
  } catch (error) {
    if (error instanceof NotStored) return error.response;
    if (error instanceof ProblemError) return problemResponse(error.problem, told);
    throw error;
  }
}

/** A server error, which a retry under the same key may repair. */
class NotStored extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super('server error');
    this.response = response;
  }
}

type Told = { publicUrl: string; instance: string; requestId: string };

async function answer(request: Request, context: ApiContext, told: Told): Promise<Response> {
  let failure: TRPCError | undefined;
  const response = await createOpenApiFetchHandler({
    req: await withBody(request),
    endpoint: REST_ENDPOINT,
    router: appRouter,
    createContext: () => context,
    onError: ({ error }: { error: TRPCError }) => {
      failure = error;
    },
  });
  if (response.status < 400) {
    response.headers.set('x-request-id', context.requestId);
    response.headers.set('cache-control', 'no-store');
    return response;
  }
  const problem = failure ? problemOf(failure) : { slug: 'internal' as const, detail: 'Something failed on our side.' };
  if (failure && problem.slug === 'internal')
    context.services.onError(`${request.method} ${told.instance}`, failure.cause ?? failure);
  return problemResponse(problem, told);
}

/** An operation whose document names no body is called without one; the handler wants JSON wherever a body could be. */
async function withBody(request: Request): Promise<Request> {
  const { method, url } = request;
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return request;
  const headers = new Headers(request.headers);
  const body = await request.text();
  if (body !== '') return new Request(url, { method, headers, body });
  headers.set('content-type', 'application/json');
  return new Request(url, { method, headers, body: '{}' });
}

function assertKey(key: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return;
  throw new ProblemError({ slug: 'bad-request', detail: 'Idempotency-Key: 1 to 200 visible ASCII characters.' });
}
