export {
  type ApiKeyOptions,
  type ApiKeyPolicy,
  apiKeyOptions,
  createApiKeyPolicy,
  INVALID_KEY,
  type KeyScope,
  type PresentedKey,
} from './api-key/api-key.ts';
export { affordableCap, capWithin } from './bound/afford.ts';
export {
  type BoundReply,
  boundCall,
  type CallShape,
  forwardedBody,
  type WorstCase,
  withOutputCap,
} from './bound/bound.ts';
export type { OutputCap } from './bound/output-cap.ts';
export { type PricedBody, readPricedBody } from './bound/priced-body.ts';
export {
  type BudgetNode,
  type BudgetOptions,
  type BudgetPolicy,
  budgetOptions,
  createBudgetPolicy,
} from './budget/budget.ts';
export { balanceOf, creditRefused, drawCredit } from './budget/credit.ts';
export { createThresholds } from './budget/thresholds.ts';
export {
  type CheckedPolicies,
  checkPolicies,
  describePolicyTypes,
  type PolicyError,
  type PolicyTypeDescription,
} from './check-policies.ts';
export { createPolicies, type PolicyLayers, type PolicySet, type ReadyPolicy } from './create-policies.ts';
export { type Estimates, estimateTokens } from './extract/estimate.ts';
export type { Extraction } from './extract/extract-json.ts';
export { extractPasted } from './extract/extract-pasted.ts';
export type { Fields } from './extract/fields.ts';
export { fold, isComplete } from './extract/fold.ts';
export { foldHeaders } from './extract/fold-headers.ts';
export { readPath } from './extract/json-path.ts';
export { countsTokens, type Preset, presetOf, readsAnswer } from './extract/preset.ts';
export { promptTokens } from './extract/prompt.ts';
export { isEventEnd, SseEvents } from './extract/sse-events.ts';
export { SseScanner } from './extract/sse-scanner.ts';
export { type CountTokens, TextTally } from './extract/text-tally.ts';
export { featuresOf } from './monetization/monetization.ts';
export {
  ALLOWED,
  type ChargeOf,
  type Decision,
  type Effect,
  type HeaderEdit,
  type HoldWords,
  type Increment,
  type LimitRefusal,
  type NodeAsk,
  type NodeCharge,
  type NodeRefusal,
  type NodeState,
  type ShareTake,
  type SlotTake,
  secondsUntil,
  UNLIMITED,
  UNLIMITED_CALLS,
  type Watch,
  type WindowState,
  type WindowTake,
} from './policy.ts';
export type { BodyDocument, PolicyCall, PolicyOutcome } from './policy-call.ts';
export type { LimitReply, PolicyContext, PolicyRules, PolicyType, Stacking } from './policy-type.ts';
export { createQuotaPolicy, type QuotaPolicy, quotaOptions } from './quota/quota.ts';
export { isTierCounter } from './quota/tier-counter.ts';
export { createRateLimitPolicy, type RateLimitPolicy, rateLimitOptions } from './rate-limit/rate-limit.ts';
export { POLICY_TYPES, policyTypeOf } from './registry.ts';
export { readRequestSchema } from './request-validation/read-request-schema.ts';
export { requestSchemaProblem } from './request-validation/validator.ts';
export { createTariff, type Priced, type Tariff } from './tariff.ts';
