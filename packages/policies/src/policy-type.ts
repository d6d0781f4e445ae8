import type { PolicyLevel, SnapshotPlan, SnapshotRoute } from '@tollwright/contracts';
import type { Problem, RateCard } from '@tollwright/core';
import type { z } from 'zod';
import type { Decision, Effect, LimitRefusal } from './policy.ts';
import type { PolicyCall, PolicyOutcome } from './policy-call.ts';

/**
 * What becomes of a call that did not fit into a limit: refused; sent to pay for itself; or admitted beyond the limit,
 * priced by further rate cards.
 */
export type LimitReply =
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'pay-per-call'; readonly problem: Problem }
  | { readonly kind: 'overage'; readonly rateCards: readonly RateCard[] };

/** What a policy does, built once from its options for one route and plan. */
export interface PolicyRules {
  /** Judges a request. Called for each call; must be quick, and must not change anything. */
  decide(call: PolicyCall): Decision;
  /** Asks for what a call may use, once its worst case is known. `units` sums meters of the worst case. */
  ask?(call: PolicyCall, units: (meters: ReadonlySet<string>) => bigint): readonly Effect[];
  /** Words for a limit of this policy that was full. Required of policies that ask for limits. */
  limited?(refusal: LimitRefusal, call: PolicyCall, nowMs: number): LimitReply;
  /** Sees what came of a forwarded call. */
  observe?(outcome: PolicyOutcome, call: PolicyCall): readonly Effect[];
}

/** Where a policy will run. `plan` is null for strangers. */
export interface PolicyContext {
  readonly level: PolicyLevel;
  readonly apiId: string;
  readonly route: SnapshotRoute;
  readonly plan: SnapshotPlan | null;
}

/**
 * `replace`: the narrowest level's policy of the type is the one that runs. `by-name`: of those with the same
 * `options.name`. `add`: all run.
 */
export type Stacking = 'replace' | 'by-name' | 'add';

/** One type of policy: everything that a form, an API description and the gateway need to know of it. */
export interface PolicyType<Options extends z.ZodObject = z.ZodObject> {
  /** Its name in documents: lower-case words joined by hyphens. The folder of its README. */
  readonly type: string;
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: Options;
  readonly levels: readonly PolicyLevel[];
  /** Authentication, payment, hard budgets and hard quotas never do. */
  readonly mayShadow: boolean;
  readonly stacking: Stacking;
  /** `head` runs before the body is read, `body` after. */
  readonly phase: 'head' | 'body';
  /** True when options make it read the body as JSON; then the body is buffered. */
  readsBody(options: z.output<Options>, context: PolicyContext): boolean;
  /** A call's output cap under these options; null is no say. */
  outputTokensMax?(options: z.output<Options>): number | null;
  /** Why these options may not be shadowed or set at a level although the type may; null is fine. */
  problem?(
    options: z.output<Options>,
    config: { readonly level: PolicyLevel; readonly shadow: boolean },
  ): string | null;
  /** Null: nothing to do on this route. Throws when the options do not fit the route. */
  create(options: z.output<Options>, context: PolicyContext): PolicyRules | null;
}

/** Keeps the options' type while a policy type is written down. */
export function definePolicy<Options extends z.ZodObject>(
  policy: Omit<PolicyType<Options>, 'readsBody'> & Partial<Pick<PolicyType<Options>, 'readsBody'>>,
): PolicyType<Options> {
  return { readsBody: () => false, ...policy };
}
