export { type ChargeOrder, type ChargeOutcome, chargeToken } from './charge-token.ts';
export { type StripeAddress, type StripeClient, StripeClients } from './clients.ts';
export { dashboardUrl } from './dashboard-url.ts';
export { type ChargeFound, type ChargeWanted, findCharge } from './find-charge.ts';
export { judgeToken, sharedPaymentVersion, type TokenCharge, type TokenVerdict } from './granted-token.ts';
export { type RefundOutcome, type RefundWanted, refundCharge } from './refund.ts';
export {
  type CardCharge,
  type CardFace,
  type CardSetup,
  type CardSetupWanted,
  chargeCard,
  forgetCard,
  forgetCards,
  openCardSetup,
  readCardSetup,
} from './saved-card.ts';
export { calculateTax, type TaxWanted } from './tax.ts';
