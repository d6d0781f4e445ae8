import { z } from 'zod';
import { headerName, policyName } from '../option-fields.ts';
import { ALLOWED, type Effect, type LimitRefusal, secondsUntil } from '../policy.ts';
import type { PolicyCall } from '../policy-call.ts';
import { definePolicy, type LimitReply, type PolicyContext } from '../policy-type.ts';
import { BODY_FUNCTIONS, createSubject, SUBJECT_FUNCTIONS, SUBJECTS } from './subject.ts';

const limit = z.int().min(1).max(10_000_000);

const options = z.object({
  name: policyName,
  limit: limit.describe('Calls in each window.'),
  windowSeconds: z.int().min(1).max(86_400).default(60).describe('Length of the window in seconds.'),
  algorithm: z
    .enum(['fixed-window', 'sliding-window', 'token-bucket'])
    .default('fixed-window')
    .describe(
      'Fixed windows are exact over all gateways. Sliding windows and token buckets are kept by each gateway, which admits its share.',
    ),
  burst: z
    .int()
    .min(1)
    .max(10_000_000)
    .nullable()
    .default(null)
    .describe('Token bucket only: calls that may come at once after a pause. Empty: as many as the limit.'),
  by: z.enum(SUBJECTS).default('customer').describe('Whose calls are counted together.'),
  header: headerName.default('x-session-id').describe('By header: the header whose values are told apart.'),
  function: z.enum(SUBJECT_FUNCTIONS).default('model').describe('By function: what of the call is told apart.'),
  limitsByPlan: z
    .record(z.string().max(48), limit)
    .default({})
    .describe('Limits of single plans by their key, in place of the limit above.'),
});
type Options = z.output<typeof options>;

export const rateLimitType = definePolicy({
  type: 'rate-limit',
  title: 'Rate limit',
  summary: 'Limits how many calls may come in a window of time.',
  options,
  levels: ['api', 'route', 'plan'],
  mayShadow: true,
  stacking: 'by-name',
  phase: 'body',
  readsBody: ({ by, function: name }) => by === 'function' && BODY_FUNCTIONS.has(name),
  create(own, context) {
    const limitNow = own.limitsByPlan[context.plan?.planKey ?? ''] ?? own.limit;
    const subject = createSubject(own);
    const scope = scopeOf(own, context);
    return {
      decide: () => ALLOWED,
      ask: (call) => [take(own, limitNow, `${scope}:${subject(call)}`, call)],
      limited: (refusal, _call, nowMs) => limited(own, limitNow, refusal, nowMs),
    };
  },
});

/** Only fixed windows of an account are kept by the store; what has no account, and other windows, by this process. */
function take(own: Options, limitNow: number, key: string, { principal }: PolicyCall): Effect {
  const { algorithm, windowSeconds, burst } = own;
  if (algorithm === 'fixed-window' && principal !== null) {
    return { kind: 'take-window', take: { window: key, limit: limitNow, windowSeconds } };
  }
  return {
    kind: 'take-share',
    take: { key, algorithm, limit: limitNow, windowSeconds, burst: burst ?? limitNow },
  };
}

function limited(own: Options, limitNow: number, refusal: LimitRefusal, nowMs: number): LimitReply {
  const resetAtMs =
    refusal.kind === 'window' ? refusal.state.resetAtMs : refusal.kind === 'share' ? refusal.resetAtMs : nowMs;
  return {
    kind: 'refused',
    problem: {
      slug: 'rate-limited',
      detail: `At most ${limitNow} calls in ${own.windowSeconds} seconds are allowed for this ${own.by}.`,
      members: {
        exhausted: own.name,
        limit: String(limitNow),
        remaining: '0',
        windowSeconds: own.windowSeconds,
        resetAt: new Date(resetAtMs).toISOString(),
      },
      retryAfterSeconds: secondsUntil(resetAtMs, nowMs),
    },
  };
}

function scopeOf({ name }: Options, { level, apiId, route }: PolicyContext): string {
  return `rate:${level === 'route' ? route.id : level === 'api' ? apiId : 'plan'}:${name}`;
}
