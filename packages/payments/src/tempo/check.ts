import {
  chainIdOf,
  isMemoOf,
  parseTempoChargePayload,
  readMemoTransfer,
  sameHex,
  transactionHash,
} from '@tollwright/protocols';
import type { AnsweredChallenge } from '../mpp/mpp-method.ts';
import type { Checked, PaymentFacts } from '../rail.ts';
import { validityMarginSeconds } from '../x402/check.ts';
import { type TempoOffer, tempoOfferOf } from './offer.ts';
import type { ReadTransaction, TempoTransaction } from './transaction.ts';

/** A payment by a transaction that we may send. */
export type TempoPayment = PaymentFacts & { readonly rail: 'tempo'; readonly offer: TempoOffer; readonly raw: string };

/**
 * Judges a transaction by what the challenge asked: one call, which moves the exact amount of the token to the recipient, with a
 * memo that names the challenge. Nothing leaves the machine.
 */
export function checkTempo(answered: AnsweredChallenge, read: ReadTransaction): Checked<TempoPayment> {
  const parsed = parseTempoChargePayload(answered.payload);
  if (parsed.kind === 'malformed') return refused('invalid-payload');
  const [offer, transaction] = [tempoOfferOf(answered), read(parsed.value.signature)];
  if (offer === null) return refused('invalid-challenge');
  if (transaction === null) return refused('unsupported-transaction');
  const reason = refusalOf(transaction, offer, answered);
  if (reason !== null) return refused(reason);
  return { kind: 'accepted', payment: paymentOf(parsed.value.signature, transaction, offer, answered) };
}

function refusalOf(transaction: TempoTransaction, offer: TempoOffer, { challenge, source, call }: AnsweredChallenge) {
  const [transfer, ...more] = transaction.calls;
  if (BigInt(transaction.chainId) !== chainIdOf(offer.network)) return 'transaction-of-another-chain';
  if (transfer === undefined || more.length > 0) return 'not-one-transfer';
  if (transfer.to === undefined || !sameHex(transfer.to, offer.asset)) return 'another-token';
  const moved = readMemoTransfer(transfer.data ?? '0x');
  if (moved === null || (transfer.value ?? 0n) !== 0n) return 'not-one-transfer';
  if (!sameHex(moved.to, offer.payTo)) return 'recipient-mismatch';
  if (moved.amount !== offer.amountAtomic) return 'amount-mismatch';
  if (!isMemoOf(moved.memo, challenge)) return 'memo-of-another-challenge';
  const nowSeconds = Math.floor(call.nowMs / 1_000);
  if (transaction.validBefore < nowSeconds + validityMarginSeconds) return 'payment-expired';
  if (transaction.validAfter > nowSeconds) return 'not-valid-yet';
  const did = `did:pkh:${offer.network}:${transaction.sender}`;
  return source !== null && !sameHex(source, did) ? 'source-mismatch' : null;
}

function paymentOf(
  raw: string,
  { sender, signedHash, validBefore }: TempoTransaction,
  offer: TempoOffer,
  { challenge, expiresAtMs }: AnsweredChallenge,
): TempoPayment {
  return {
    ...{ rail: 'tempo', scheme: 'charge', protocolVersion: 1, offer, raw, payer: sender, nonce: signedHash },
    claimKey: `tempo:${offer.network}:${sender}:${signedHash}`.toLowerCase(),
    validBeforeMs: Math.min(validBefore * 1_000, expiresAtMs),
    details: { challengeId: challenge.id, transaction: transactionHash(raw) },
    paymentIdentifier: challenge.id,
  };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}
