export { type Authorization, authorization, serializeAuthorization } from './x402/authorization.ts';
export { authorizationDigest, type TokenDomain } from './x402/authorization-digest.ts';
export { recoverSigner } from './x402/authorization-signature.ts';
export { decodeBase64Json, encodeBase64Json, headerCharactersMax } from './x402/base64-json.ts';
export { x402Headers } from './x402/headers.ts';
export { sameHex } from './x402/hex.ts';
export { chainIdOf, fromNetworkName, toNetworkName } from './x402/network.ts';
export type { X402Offer, X402Resource } from './x402/offer.ts';
export type { Parsed } from './x402/parsed.ts';
export {
  type PaymentPayload,
  type PaymentPayloadV1,
  type PaymentPayloadV2,
  parsePaymentPayloadV1,
  parsePaymentPayloadV2,
  paymentIdentifierOf,
  serializePaymentPayload,
  toPaymentPayloadJson,
} from './x402/payment-payload.ts';
export {
  fromPaymentRequiredV1,
  type PaymentRequired,
  parsePaymentRequired,
  serializePaymentRequired,
  toPaymentRequiredV1,
} from './x402/payment-required.ts';
export { type RequirementsV2, toRequirementsV1, toRequirementsV2 } from './x402/requirements.ts';
export {
  fromSettleJson,
  fromVerifyJson,
  parseSettleResponse,
  type SettleResponse,
  serializeSettleResponse,
  type VerifyResponse,
} from './x402/settle-response.ts';
