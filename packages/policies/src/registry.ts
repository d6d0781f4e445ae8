import { apiKeyType } from './api-key/api-key-type.ts';
import { budgetType } from './budget/budget-type.ts';
import { complexRateLimit } from './complex-rate-limit/complex-rate-limit.ts';
import { concurrency } from './concurrency/concurrency.ts';
import { headers } from './headers/headers.ts';
import { ipFilter } from './ip-filter/ip-filter.ts';
import { modelGuard } from './model-guard/model-guard.ts';
import { monetization } from './monetization/monetization.ts';
import type { PolicyType } from './policy-type.ts';
import { quotaType } from './quota/quota-type.ts';
import { rateLimitType } from './rate-limit/rate-limit-type.ts';
import { requestSize } from './request-size/request-size.ts';
import { requestValidation } from './request-validation/request-validation.ts';
import { scopes } from './scopes/scopes.ts';

/** Every policy type, in the order in which policies run: who calls, may they, is the request right, how much is left. */
export const POLICY_TYPES: readonly PolicyType[] = [
  apiKeyType,
  ipFilter,
  requestSize,
  scopes,
  monetization,
  headers,
  requestValidation,
  modelGuard,
  concurrency,
  rateLimitType,
  complexRateLimit,
  quotaType,
  budgetType,
];

const byName = new Map(POLICY_TYPES.map((policy) => [policy.type, policy]));

/** A type by its name; undefined is one that this release does not know. */
export function policyTypeOf(type: string): PolicyType | undefined {
  return byName.get(type);
}
