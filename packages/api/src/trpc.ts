import { PROBLEMS, type Problem, ProblemError } from '@tollwright/core';
import type { Actor, ServiceContext } from '@tollwright/services';
import { initTRPC, TRPCError } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { ZodError } from 'zod';

/** The organization a request speaks for: a provider, or one of its customers. Taken from the token, or named by the session's page. */
export interface Organization {
  readonly providerId: string;
  readonly customerId: string | null;
}

/** What is said of a procedure beside its schemas. */
export interface ProcedureMeta extends OpenApiMeta {
  readonly wholeBody?: WholeBody;
  /** It answers a file of this media type: a `FileAnswer`, and no JSON. */
  readonly fileType?: string;
}

/** The body of an operation is one member of its input, an array of which one item may come alone. */
export interface WholeBody {
  readonly member: string;
  /** `application/json` beside these. */
  readonly mediaTypes: readonly string[];
}

export interface ApiContext {
  readonly services: ServiceContext;
  readonly actor: Actor;
  readonly organization: Organization | null;
  readonly requestId: string;
}

const t = initTRPC
  .context<ApiContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter: ({ shape, error, ctx }) => {
      const value = problemOf(error);
      return {
        ...shape,
        message: value.detail,
        data: { ...shape.data, problem: { ...value, ...PROBLEMS[value.slug], requestId: ctx?.requestId ?? '' } },
      };
    },
  });

export const { router, createCallerFactory } = t;

/** Anybody, signed in or not; the verb decides. */
export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result;
  const { cause } = result.error;
  if (!(cause instanceof ProblemError)) return result;
  throw new TRPCError({ code: codeOf(cause.problem), message: cause.problem.detail, cause });
});

/** A signed-in person or a token. */
export const signedIn = procedure.use(({ ctx, next }) => {
  if (ctx.actor.kind === 'anonymous') throw signedOut();
  return next();
});

/** Speaks for an organization: `ctx.organization` is there. */
export const inOrganization = signedIn.use(({ ctx, next }) => {
  const { organization } = ctx;
  if (!organization) throw new ProblemError({ slug: 'not-found', detail: 'Name the organization that this is about.' });
  return next({ ctx: { ...ctx, organization } });
});

/** The problem behind an error of a procedure. Unexpected ones become `internal` and keep their cause to themselves. */
export function problemOf(error: TRPCError): Problem {
  const { cause } = error;
  if (cause instanceof ProblemError) return cause.problem;
  if (cause instanceof ZodError) {
    return invalidInput(cause.issues.map(({ path, message }) => ({ path: path.join('.'), message }))).problem;
  }
  switch (error.code) {
    case 'NOT_FOUND':
      return { slug: 'not-found', detail: 'There is nothing at this address.' };
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return { slug: 'bad-request', detail: 'The request cannot be read.' };
    case 'UNSUPPORTED_MEDIA_TYPE':
      return { slug: 'unsupported-media-type', detail: 'Send application/json.' };
    case 'METHOD_NOT_SUPPORTED':
      return { slug: 'method-not-allowed', detail: 'This address does not take this method.' };
    case 'PAYLOAD_TOO_LARGE':
      return { slug: 'body-too-large', detail: 'The request body is too large.' };
    default:
      return { slug: 'internal', detail: 'Something failed on our side.' };
  }
}

/** The refusal of an input, with every error that was found. */
export function invalidInput(errors: readonly { readonly path: string; readonly message: string }[]): ProblemError {
  const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new ProblemError({ slug: 'invalid-input', detail, members: { errors } });
}

function codeOf(problem: Problem): TRPCError['code'] {
  switch (PROBLEMS[problem.slug].status) {
    case 400:
      return 'BAD_REQUEST';
    case 401:
      return 'UNAUTHORIZED';
    case 402:
      return 'PAYMENT_REQUIRED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'CONFLICT';
    case 413:
      return 'PAYLOAD_TOO_LARGE';
    case 415:
      return 'UNSUPPORTED_MEDIA_TYPE';
    case 422:
      return 'UNPROCESSABLE_CONTENT';
    case 429:
      return 'TOO_MANY_REQUESTS';
    case 503:
      return 'SERVICE_UNAVAILABLE';
    default:
      return 'INTERNAL_SERVER_ERROR';
  }
}

function signedOut(): ProblemError {
  return new ProblemError({ slug: 'not-signed-in', detail: 'This needs a signed-in person or a management token.' });
}
