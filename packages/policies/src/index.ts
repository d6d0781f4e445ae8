export {
  type ApiKeyOptions,
  type ApiKeyPolicy,
  apiKeyOptions,
  createApiKeyPolicy,
  INVALID_KEY,
  type KeyScope,
  type PresentedKey,
} from './api-key/api-key.ts';
export { affordableCap } from './bound/afford.ts';
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
export {
  ALLOWED,
  type Decision,
  type Effect,
  type NodeAsk,
  type NodeCharge,
  type NodeRefusal,
  type NodeState,
  secondsUntil,
  type WindowState,
  type WindowTake,
} from './policy.ts';
export { createQuotaPolicy, type QuotaPolicy, quotaOptions } from './quota/quota.ts';
export { createRateLimitPolicy, type RateLimitPolicy, rateLimitOptions } from './rate-limit/rate-limit.ts';
export { createTariff, type Priced, type Tariff } from './tariff.ts';
