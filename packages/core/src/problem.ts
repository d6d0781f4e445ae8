/** One kind of refusal or failure that Tollwright can answer with. `hint` says what to do next. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** The whole catalogue. Each slug has a page `docs/problems/<slug>.md`; `type` on the wire is its public address. */
export const PROBLEMS = {
  'bad-request': problem(400, 'The request cannot be read', 'Correct what detail names and send it again.'),
  'invalid-target': problem(
    400,
    'The request target is ambiguous',
    'Send a path without dot segments, encoded slashes, backslashes or control bytes.',
  ),
  'invalid-key': problem(
    401,
    'The API key is not valid',
    'Send a current key as Authorization: Bearer <key> or X-API-Key.',
  ),
  'not-signed-in': problem(
    401,
    'You are not signed in',
    'Sign in, or send a management token as Authorization: Bearer <token>.',
  ),
  'payment-required': problem(
    402,
    'This call must be paid for',
    'Pay by one of the offers, or send an API key whose plan covers the call.',
  ),
  'payment-invalid': problem(
    402,
    'The payment was not accepted',
    'Make a new payment for one of the offers; the reason is in detail.',
  ),
  'sign-in-invalid': problem(
    402,
    'The sign-in was not accepted',
    'Sign the challenge of this answer, once and within its time, or pay by one of the offers.',
  ),
  'credits-exhausted': problem(
    402,
    'The prepaid credit is used up',
    'Pay in at topUpUrl with the same key, by any of the ways that it offers, and call again.',
  ),
  'payment-overdue': problem(
    402,
    'An invoice of this account is overdue',
    'Have an owner of the account pay it, as it says; calls go on as soon as the provider has noted that.',
  ),
  forbidden: problem(403, 'You may not do this', 'Ask an owner of the organization for the role that detail names.'),
  'missing-scope': problem(403, 'The token lacks a scope', 'Create a token with the scope that detail names.'),
  'not-entitled': problem(403, 'The plan does not include this', 'Move to a plan that includes what detail names.'),
  'model-not-allowed': problem(403, 'This model may not be called', 'Call one of the models that the plan allows.'),
  'step-up-required': problem(
    403,
    'This payment needs more than money',
    'Get what missing names at url, then call again; nothing was taken.',
  ),
  'not-found': problem(
    404,
    'There is nothing here',
    'Check the address; ids of other organizations are not found either.',
  ),
  'unknown-route': problem(
    404,
    'No route matches this method and path',
    'Compare the method and path with the API reference.',
  ),
  'method-not-allowed': problem(
    405,
    'This path does not take this method',
    'Use one of the methods in the Allow header.',
  ),
  conflict: problem(409, 'The change conflicts with what is stored', 'Read the current state and decide again.'),
  'idempotency-mismatch': problem(
    409,
    'This idempotency key belongs to another request',
    'Use a new key for a different request.',
  ),
  'call-in-progress': problem(
    409,
    'The first call with this idempotency key is running',
    'Wait for Retry-After, then send the same request with the same key.',
    true,
  ),
  'answer-not-stored': problem(
    409,
    'The first call with this idempotency key ran; its answer was not kept',
    'Do not send it again unless it may run twice; then use a new key.',
  ),
  'payment-in-progress': problem(
    409,
    'This payment is being used by a running call',
    'Wait for Retry-After, then ask again with the same payment.',
    true,
  ),
  'channel-gone': problem(
    410,
    'This payment channel is closed',
    'Open a new channel; no voucher of this one pays any more.',
  ),
  'payment-used': problem(409, 'This payment was already used', 'Sign a new payment for a new call.'),
  'version-published': problem(
    409,
    'A published plan version never changes',
    'Create a new draft version and publish it.',
  ),
  'allowance-required': problem(
    412,
    'The payer has not let the token be moved yet',
    'Let spender move token from the paying wallet once, or sign that along by the extension in sponsoredBy, and pay again.',
  ),
  'body-too-large': problem(413, 'The request body is too large', 'Send at most the number of bytes in limit.'),
  'unsupported-media-type': problem(
    415,
    'The body has an encoding that this route cannot read',
    'Send identity-coded UTF-8 JSON.',
  ),
  'invalid-input': problem(422, 'Some fields are not valid', 'Correct every entry of errors and send it again.'),
  'unbounded-call': problem(
    422,
    'The price of this call has no upper bound',
    'Name a model that the plan prices, or set max_tokens.',
  ),
  'rate-limited': problem(429, 'Too many calls in this window', 'Wait for Retry-After.', true),
  'too-many-running': problem(429, 'Too many calls are running', 'Wait until one of them has ended.', true),
  'quota-exhausted': problem(429, 'The quota of this period is used up', 'Wait for resetAt, or move to a larger plan.'),
  'quota-held': problem(
    429,
    'The rest of the quota is held by running calls',
    'Wait for Retry-After; running calls release what they do not use.',
    true,
  ),
  'budget-exhausted': problem(429, 'The budget of this period is spent', 'Raise the budget, or wait for resetAt.'),
  'budget-held': problem(
    429,
    'The rest of the budget is held by running calls',
    'Wait for Retry-After; running calls release what they do not use.',
    true,
  ),
  'too-many-attempts': problem(429, 'Too many attempts', 'Wait for Retry-After.', true),
  internal: problem(500, 'Something failed on our side', 'Try again; if it stays, report the request id.', true),
  'upstream-failed': problem(
    502,
    'The API behind this gateway failed',
    'This call was not charged. Try again later.',
    true,
  ),
  'upstream-timeout': problem(
    504,
    'The API behind this gateway did not answer in time',
    'This call was not charged. Try again later.',
    true,
  ),
  'state-unavailable': problem(
    503,
    'A store that decides about this call is away',
    'Wait for Retry-After; nothing was forwarded and nothing was charged.',
    true,
  ),
  'payment-unknown': problem(
    503,
    'The outcome of this payment is not known yet',
    'Do not pay again. Ask with the same payment after Retry-After.',
    true,
  ),
  draining: problem(503, 'This gateway is shutting down', 'Try again; another gateway will answer.', true),
} as const satisfies Record<string, ProblemKind>;

export type ProblemSlug = keyof typeof PROBLEMS;

export const PROBLEM_SLUGS = Object.keys(PROBLEMS) as ProblemSlug[];

/** Typed members beside the RFC 9457 ones, such as `limit`, `remaining`, `resetAt`. Bigints are decimal strings. */
export type ProblemMembers = Readonly<Record<string, unknown>>;

/** A problem as a value: what happened in public words, and members that programs read. */
export interface Problem {
  readonly slug: ProblemSlug;
  readonly detail: string;
  readonly members?: ProblemMembers;
  readonly retryAfterSeconds?: number;
}

/** Carries a Problem through code that throws. `cause` is logged, never shown. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(`${problem.slug}: ${problem.detail}`, options);
    this.problem = problem;
  }
}

/** RFC 9457 document. `publicUrl` is where the problem pages are served, without a trailing slash. */
export function problemDocument(
  value: Problem,
  context: { publicUrl: string; instance: string; requestId: string },
): Record<string, unknown> {
  const kind = PROBLEMS[value.slug];
  return {
    type: `${context.publicUrl}/problems/${value.slug}`,
    title: kind.title,
    status: kind.status,
    detail: value.detail,
    instance: context.instance,
    requestId: context.requestId,
    hint: kind.hint,
    ...value.members,
  };
}

function problem(status: number, title: string, hint: string, retryable = false): ProblemKind {
  return { status, title, hint, retryable };
}
