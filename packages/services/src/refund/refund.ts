import { nanoUsdText } from '@tollwright/contracts';
import type { DbPayment, DbRefund } from '@tollwright/db';
import { z } from 'zod';
import { toTimestamp } from '../fields.ts';
import { pageAtStripe } from '../payment/payment.ts';

/** `planned`, then `signed` where it is a transaction of a chain, then `refunded` or `failed`. */
export const refundState = z.enum(['planned', 'signed', 'refunded', 'failed']);

/** Money of a payment on its way back. */
export const refundOutput = z.object({
  id: z.string(),
  paymentId: z.string(),
  state: refundState,
  amountAtomic: z.string().meta({ description: "In the smallest unit of the payment's asset" }),
  amountNanoUsd: nanoUsdText,
  reason: z.string(),
  requestedBy: z.string().meta({ description: 'Who asked for it; `tollwright` when a call was paid and not served' }),
  transaction: z.string().nullable().meta({ description: "The transaction, or the refund's id at Stripe" }),
  dashboardUrl: z.string().nullable().meta({ description: "At Stripe: the refund in your account's dashboard" }),
  failure: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type RefundOutput = z.output<typeof refundOutput>;

/** `level` is the reader's: an account at Stripe is its provider's alone. */
export function toRefund(row: DbRefund, level: 'provider' | 'customer'): RefundOutput {
  const { id, paymentId, reason, requestedBy, transactionHash, failure } = row;
  return {
    ...{ id, paymentId, state: refundState.parse(row.state), reason, requestedBy, failure },
    amountAtomic: row.amountAtomic.toFixed(0),
    amountNanoUsd: row.amountNanoUsd.toString(),
    transaction: transactionHash,
    dashboardUrl: level === 'provider' ? pageAtStripe(row) : null,
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  };
}

/** What is left of a payment after all that went back of it, or is on its way; in the smallest unit of its asset. */
export function leftOf({ amountAtomic }: Pick<DbPayment, 'amountAtomic'>, refunds: readonly DbRefund[]): bigint {
  const given = refunds.filter(({ state }) => state !== 'failed');
  return given.reduce((left, refund) => left - BigInt(refund.amountAtomic.toFixed(0)), BigInt(amountAtomic));
}
