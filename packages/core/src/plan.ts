import type { Prepaid } from './credit.ts';
import type { NanoUsd } from './money.ts';
import type { Period } from './period.ts';
import type { RateCard } from './price.ts';

/** At most `limit` calls in each fixed window of `windowSeconds`. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A metered entitlement with a hard limit. `meters` are summed; `featureKey` names it to people. */
export interface Quota {
  readonly featureKey: string;
  readonly meters: readonly string[];
  readonly limit: bigint;
  readonly period: Period;
  readonly onExhausted: 'reject';
}

/** A policy that a plan brings along. Its type's schema in packages/policies says what `options` may hold. */
export interface PlanPolicy {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shadow: boolean;
}

/** What a published plan version grants and costs. It never changes; a new price is a new version. */
export interface PlanTerms {
  readonly currency: 'usd';
  readonly billingPeriod: 'month';
  readonly rateLimit: RateLimit | null;
  readonly quotas: readonly Quota[];
  readonly rateCards: readonly RateCard[];
  /** The cap of a key that its owner gave no budget: every key has one. */
  readonly defaultKeyBudget: { readonly limitNanoUsd: NanoUsd; readonly period: Period };
  /** The most output tokens that a call may ask for; injected when the caller names none. */
  readonly outputTokensMax: number;
  /** What usage comes to in a whole billing period at least, after discounts and beside fees. Absent: nothing. */
  readonly minimumNanoUsd?: NanoUsd | undefined;
  /** Absent: none beyond what stands above. */
  readonly policies?: readonly PlanPolicy[];
  /** Absent or null: calls are charged to the account, and paid for afterwards. */
  readonly prepaid?: Prepaid | null | undefined;
}
