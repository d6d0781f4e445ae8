export type {
  Challenge,
  CheckContext,
  Checked,
  Presented,
  PricedResource,
  Rail,
  RailCapabilities,
  RequestHeaders,
  Settlement,
  Verification,
} from './rail.ts';
export { type CheckRefusal, checkPayment, validityMarginSeconds } from './x402/check.ts';
export type { FacilitatorOptions, LimitedFetch } from './x402/facilitator.ts';
export type { ChainNode } from './x402/json-rpc.ts';
export { claimKeyOf, type X402Payment } from './x402/payment.ts';
export { maxTimeoutSecondsDefault, type Quote, type QuotedOffer, quoteX402 } from './x402/quote.ts';
export { createX402Rail, type X402Rail } from './x402/rail.ts';
export {
  type PaymentOnChain,
  type Resolution,
  type ResolveOptions,
  resolveFromChain,
} from './x402/resolve-from-chain.ts';
