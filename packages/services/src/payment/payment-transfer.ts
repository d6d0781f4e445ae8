import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import type { Transfer } from '../ledger/post.ts';

/** States that a payment reaches only through `settled`. */
const SETTLED_ONCE: ReadonlySet<PaymentState> = new Set(['settled', 'refunding', 'refunded', 'credited']);

/**
 * What a settled payment posts: the token arrived, the price was earned, and what the token's unit added to the price is
 * rounding. Null while it has not settled.
 */
export function transferOfPayment(payment: PaymentRecord): Transfer | null {
  if (!SETTLED_ONCE.has(payment.state)) return null;
  const { priceNanoUsd, roundingNanoUsd } = payment;
  return {
    providerId: payment.providerId,
    customerId: null,
    reference: `payment:${payment.paymentId}`,
    kind: 'payment',
    livemode: payment.livemode,
    occurredAt: new Date(payment.occurredAt),
    lines: [
      { kind: 'clearing_x402', customerId: null, amountNanoUsd: nanoUsd(priceNanoUsd + roundingNanoUsd) },
      { kind: 'revenue', customerId: null, amountNanoUsd: nanoUsd(-priceNanoUsd) },
      { kind: 'rounding', customerId: null, amountNanoUsd: nanoUsd(-roundingNanoUsd) },
    ],
  };
}
