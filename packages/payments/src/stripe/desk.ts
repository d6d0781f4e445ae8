import type { PaymentRecord } from '@tollwright/contracts';
import { findCharge, refundCharge, type StripeClient } from '@tollwright/stripe';
import type { RailDesk, RefundDesk } from '../rail.ts';
import { challengeMetadata } from './rail.ts';

/** Finds the account that a payment went to; null when its provider has removed it. */
export type ClientOfPayment = (payment: PaymentRecord) => Promise<StripeClient | null>;

/** After its challenge and token have ended, and a request on its way has timed out, nothing can charge a payment any more. */
const lateMs = 120_000;
const earlyMs = 60_000;

/** Finds out about payments at Stripe. */
export function createStripeDesk(clientOf: ClientOfPayment, nowMs: () => number): RailDesk {
  return {
    name: 'stripe',
    refunds: refundsBy(clientOf),
    async resolve(payment) {
      try {
        const client = await clientOf(payment);
        if (client === null) return { kind: 'unavailable', reason: `no account of Stripe takes ${payment.payTo}` };
        const untilMs = Date.parse(payment.validBefore) + lateMs;
        const found = await findCharge(client, {
          transaction: payment.transaction,
          metadata: { name: challengeMetadata, value: payment.nonce },
          ...{ sinceMs: Date.parse(payment.occurredAt) - earlyMs, untilMs },
        });
        if (found.kind !== 'none') return found;
        return nowMs() < untilMs ? { kind: 'open' } : { kind: 'failed', reason: 'never_charged' };
      } catch (error) {
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** Stripe keeps what it was told under its key: nothing is signed here. */
function refundsBy(clientOf: ClientOfPayment): RefundDesk {
  return {
    senderOf: async () => null,
    sign: () => Promise.reject(new Error('Stripe signs nothing')),
    async send(payment, { refundId, amountAtomic }) {
      try {
        const client = await clientOf(payment);
        if (client === null) return { kind: 'unavailable', reason: `no account of Stripe takes ${payment.payTo}` };
        if (payment.transaction === null) return { kind: 'failed', reason: 'nothing was charged' };
        return await refundCharge(client, {
          ...{ transaction: payment.transaction, amountMinor: amountAtomic, idempotencyKey: refundId },
          metadata: { tollwright_payment: payment.paymentId, tollwright_refund: refundId },
        });
      } catch (error) {
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
