export { contractSignatureCall, goodSignatureAnswer, isKeySized, isWrapped } from './evm/contract-signature.ts';
export { sameHex } from './evm/hex.ts';
export { recoverSigner } from './evm/recover-signer.ts';
export { textHash } from './evm/typed-data.ts';
export { rankOffers } from './mpp/accept-payment.ts';
export { bodyDigest, isDigestOf } from './mpp/body-digest.ts';
export { canonicalJson, type JsonObject, type JsonValue } from './mpp/canonical-json.ts';
export { challengeCharactersMax, type MppChallenge, serializeChallenge, toChallengeFields } from './mpp/challenge.ts';
export type { ChallengeFields } from './mpp/challenge-fields.ts';
export {
  type ChannelState,
  closeData,
  depositOf,
  openData,
  readChannelState,
  settleData,
  stateData,
  topUpData,
} from './mpp/channel-reserve.ts';
export {
  credentialCharactersMax,
  isPaymentScheme,
  type MppCredential,
  parseCredential,
  serializeCredential,
} from './mpp/credential.ts';
export { type EvmChargePayload, evmChargeNonce, parseEvmChargePayload } from './mpp/evm-charge.ts';
export { credentialBesideKeyName, mppHeaders } from './mpp/headers.ts';
export { type MppKeyRing, mppKeyRing } from './mpp/key-ring.ts';
export {
  type IssuedChallenge,
  issueChallenge,
  type MppOffer,
  type MppTerms,
  type PreparedOffer,
  prepareOffer,
} from './mpp/offer.ts';
export { decodeOpaque, decodeScope, encodeOpaque, type MppScope } from './mpp/opaque.ts';
export { parseChallenges } from './mpp/parse-challenges.ts';
export { type MppProblem, mppProblems, mppProblemType } from './mpp/problems.ts';
export {
  type MppChargeReceipt,
  type MppReceipt,
  type MppSessionReceipt,
  parseReceipt,
  serializeReceipt,
  toSessionJson,
} from './mpp/receipt.ts';
export { parseSessionPayload, type SessionPayload } from './mpp/session-payload.ts';
export {
  isMemoOf,
  isTempoNetwork,
  type MemoTransfer,
  parseTempoChargePayload,
  readMemoTransfer,
  type TempoChargePayload,
  transactionHash,
} from './mpp/tempo-charge.ts';
export { type ChallengeVerdict, verifyChallenge } from './mpp/verify-challenge.ts';
export {
  type ChannelDescriptor,
  channelIdOf,
  openingHash,
  tempoChannelReserve,
  type Voucher,
  voucherDigest,
  voucherSignerOf,
} from './mpp/voucher.ts';
export type { Parsed } from './parsed.ts';
export { allowanceSponsoring, allowanceSponsoringKey } from './x402/allowance-sponsoring.ts';
export { type Authorization, authorization, serializeAuthorization } from './x402/authorization.ts';
export { authorizationDigest, type TokenDomain } from './x402/authorization-digest.ts';
export { decodeBase64Json, encodeBase64Json, headerCharactersMax } from './x402/base64-json.ts';
export { bazaarKey, bazaarOf, type ListedOperation } from './x402/bazaar.ts';
export { alteredExtension, type X402Extension, type X402Extensions } from './x402/extensions.ts';
export { x402Headers } from './x402/headers.ts';
export { chainIdOf, fromNetworkName, toNetworkName } from './x402/network.ts';
export type { TransferMethod, X402Offer, X402Resource, X402Scheme } from './x402/offer.ts';
export { offerReceiptKey, signedOffers, signedReceipt } from './x402/offer-receipt.ts';
export { paymentIdentifier, paymentIdentifierIn, paymentIdentifierKey } from './x402/payment-identifier.ts';
export {
  type Eip3009Payload,
  type PaymentPayload,
  type PaymentPayloadV1,
  type PaymentPayloadV2,
  type Permit2Payload,
  parsePaymentPayloadV1,
  parsePaymentPayloadV2,
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
export {
  type Permit2Authorization,
  permit2Address,
  permit2Digest,
  permit2Proxies,
} from './x402/permit2.ts';
export { type RequirementsV2, toRequirementsV1, toRequirementsV2, transferMethodOf } from './x402/requirements.ts';
export {
  fromSettleJson,
  fromVerifyJson,
  parseSettleResponse,
  type SettleResponse,
  serializeSettleResponse,
  type VerifyResponse,
} from './x402/settle-response.ts';
export { type SignInStatement, signInMessage } from './x402/sign-in-message.ts';
export { isSignInNonce, type SignInNonceTerms, signInNonce } from './x402/sign-in-nonce.ts';
export {
  parseSignIn,
  type SignedIn,
  type SignInChallenge,
  type SignInPlace,
  type SignInProof,
  type SignInRefusal,
  serializeSignIn,
  signInExtension,
  signInKey,
  signInMsMax,
  verifySignIn,
} from './x402/sign-in-with-x.ts';
export { type StatementKey, type StatementSigner, statementSigner, verifyStatement } from './x402/statement-signer.ts';
export { fromSupportedJson, type SupportedKind, type SupportedKinds } from './x402/supported.ts';
