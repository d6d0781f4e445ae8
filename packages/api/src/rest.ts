import { ProblemError } from '@tollwright/core';
import { type FileAnswer, runOnce } from '@tollwright/services';
import { TRPCError } from '@trpc/server';
import { fileResponse } from './file-response.ts';
import { findOperation, type Operation } from './operation.ts';
import { problemResponse } from './problem-response.ts';
import { checkInput, type Members, readSent } from './rest-input.ts';
import { createCaller } from './router.ts';
import { type ApiContext, problemOf } from './trpc.ts';

export const REST_ENDPOINT = '/api/v1';

interface Told {
  readonly publicUrl: string;
  readonly instance: string;
  readonly requestId: string;
}

/** Answers one request of the management API. Failures are problem+json; a POST with an Idempotency-Key runs once. */
export async function handleRest(request: Request, context: ApiContext): Promise<Response> {
  const { pathname: instance } = new URL(request.url);
  const told = { publicUrl: context.services.publicUrls.portalUrl, instance, requestId: context.requestId };
  const failed = (error: unknown) => failure(error, `${request.method} ${instance}`, context, told);
  try {
    const found = findOperation(request.method, instance.slice(REST_ENDPOINT.length));
    if (found.kind === 'unknown') {
      throw new ProblemError({ slug: 'not-found', detail: 'There is nothing at this address.' });
    }
    if (found.kind === 'other-method') return methodRefused(found.methods, told);
    const { operation, pathMembers } = found;
    const { bodyText, members } = await readSent(request, operation);
    const run = async () => {
      const answered = await perform(operation, pathMembers, members, context);
      return operation.fileType === null ? success(answered, told) : fileResponse(answered as FileAnswer, context);
    };
    const key = operation.method === 'POST' ? request.headers.get('idempotency-key') : null;
    // Nobody has no keys: they are refused before anything is stored for them.
    if (key === null || context.actor.kind === 'anonymous') return await run();
    return await once({ key, fingerprint: `POST ${instance}\n${bodyText}` }, context, told, () => run().catch(failed));
  } catch (error) {
    return failed(error);
  }
}

/** Calls the procedure. Who may not speak for an organization hears that first, before anything about the input. */
function perform(operation: Operation, pathMembers: Members, sent: Members, context: ApiContext): Promise<unknown> {
  const called = operation.procedure
    .split('.')
    .reduce<unknown>((at, name) => (at as Members)[name], createCaller(context));
  const input = context.organization === null ? sent : checkInput(operation, pathMembers, sent);
  return (called as (input: Members) => Promise<unknown>)(input);
}

async function once(
  wanted: { readonly key: string; readonly fingerprint: string },
  context: ApiContext,
  told: Told,
  run: () => Promise<Response>,
): Promise<Response> {
  assertKey(wanted.key);
  try {
    const stored = await runOnce(context.services, context.actor, wanted, async () => {
      const response = await run();
      if (response.status >= 500) throw new NotStored(response);
      return { status: response.status, body: await response.text() };
    });
    if (stored.status === 204) return success(undefined, told);
    const type = stored.status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(stored.body, { status: stored.status, headers: headersOf(type, told) });
  } catch (error) {
    if (error instanceof NotStored) return error.response;
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

function success(data: unknown, told: Told): Response {
  if (data === undefined) {
    const { 'content-type': _, ...headers } = headersOf('', told);
    return new Response(null, { status: 204, headers });
  }
  return new Response(JSON.stringify(data), { headers: headersOf('application/json', told) });
}

function failure(error: unknown, what: string, context: ApiContext, told: Told): Response {
  if (error instanceof ProblemError) return problemResponse(error.problem, told);
  const problem =
    error instanceof TRPCError
      ? problemOf(error)
      : { slug: 'internal' as const, detail: 'Something failed on our side.' };
  if (problem.slug === 'internal') context.services.onError(what, (error as { cause?: unknown }).cause ?? error);
  return problemResponse(problem, told);
}

function methodRefused(methods: readonly string[], told: Told): Response {
  const allow = methods.join(', ');
  const response = problemResponse({ slug: 'method-not-allowed', detail: `This address takes ${allow}.` }, told);
  response.headers.set('allow', allow);
  return response;
}

function headersOf(type: string, told: Told): Record<string, string> {
  return { 'content-type': type, 'cache-control': 'no-store', 'x-request-id': told.requestId };
}

function assertKey(key: string): void {
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return;
  throw new ProblemError({ slug: 'bad-request', detail: 'Idempotency-Key: 1 to 200 visible ASCII characters.' });
}
