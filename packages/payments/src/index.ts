export type {
  ChannelAct,
  ChannelAction,
  ChannelCredential,
  ChannelDesk,
  ChannelOpening,
  CheckedAction,
  RailChannel,
  VoucherUse,
} from './channel.ts';
export { chargeOf, wholeCharge } from './charge.ts';
export { createEvmRail } from './evm/rail.ts';
export type { LimitedFetch } from './limited-fetch.ts';
export { challengeSeconds, type MppIssuer } from './mpp/mpp-method.ts';
export { byNetProceeds, type FeeTable, netProceeds, railFeeOf } from './net-proceeds.ts';
export { type Quantized, quantize } from './quantize.ts';
export type {
  Challenge,
  ChallengeTerms,
  Charge,
  Checked,
  CheckTerms,
  HeaderFields,
  LeftOut,
  MissingAllowance,
  Offer,
  PaidRequest,
  Payment,
  PaymentFacts,
  PaymentLabels,
  PaymentScope,
  Presented,
  PresentedCredential,
  PriceAmounts,
  PricedOperation,
  PricedResource,
  Quoted,
  Rail,
  RailCapabilities,
  RailDesk,
  RefundDesk,
  RefundOrder,
  RefundProgress,
  RequestHeaders,
  Resolution,
  Settlement,
  SettleOrder,
  SignedRefund,
  Verification,
} from './rail.ts';
export {
  bindsBody,
  challengeAll,
  manageAll,
  namedOffers,
  namedOnly,
  parseAll,
  quoteAll,
  singlesOnly,
} from './rails.ts';
export type { RefundKeyOf } from './refund/refund-on-chain.ts';
export { type ClientOfPayment, createStripeDesk } from './stripe/desk.ts';
export { type ClientOfKey, createStripeRail } from './stripe/rail.ts';
export { createTempoDesk, createTempoRail } from './tempo/rail.ts';
export type { OperatorKeyOf } from './tempo/session/channel-desk.ts';
export { createTempoSessionRail } from './tempo/session/rail.ts';
export { validityMarginSeconds } from './x402/check.ts';
export { ContractPayers, type ContractSaid } from './x402/contract-payers.ts';
export { type ChainNodes, createX402Desk } from './x402/desk.ts';
export type { FacilitatorAddress } from './x402/facilitator.ts';
export { type FacilitatorOptions, FacilitatorPool } from './x402/facilitator-pool.ts';
export { type ChainNode, callNode } from './x402/json-rpc.ts';
export { maxTimeoutSeconds } from './x402/quote.ts';
export { createX402Rail, type X402Options } from './x402/rail.ts';
