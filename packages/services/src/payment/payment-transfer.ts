import type { PaymentRecord, PaymentState } from '@tollwright/contracts';
import { nanoUsd } from '@tollwright/core';
import type { LedgerAccountKind } from '@tollwright/db';
import type { PostingLine, Transfer } from '../ledger/post.ts';

/** States that a payment reaches only through `settled`. */
const SETTLED_ONCE: ReadonlySet<PaymentState> = new Set(['settled', 'refunding', 'refunded', 'credited']);

/**
 * What a settled payment posts: the token arrived, the price was earned, and what the token's unit added to the price is
 * rounding. Of a payment that bought credit nothing is earned yet: the credit is owed to its customer, and what is more than the
 * price was given. Null while it has not settled.
 */
export function transferOfPayment(payment: PaymentRecord): Transfer | null {
  if (!isPaid(payment.state)) return null;
  const { priceNanoUsd, roundingNanoUsd, topUp } = payment;
  return {
    providerId: payment.providerId,
    customerId: topUp?.customerId ?? null,
    reference: `payment:${payment.paymentId}`,
    kind: topUp === undefined ? 'payment' : 'top-up',
    livemode: payment.livemode,
    occurredAt: new Date(payment.occurredAt),
    lines: [
      { kind: clearingOf(payment), customerId: null, amountNanoUsd: nanoUsd(priceNanoUsd + roundingNanoUsd) },
      ...boughtBy(payment),
      { kind: 'rounding', customerId: null, amountNanoUsd: nanoUsd(-roundingNanoUsd) },
    ],
  };
}

/** Whether money came, whatever became of it later. */
export function isPaid(state: PaymentState): boolean {
  return SETTLED_ONCE.has(state);
}

/** The account that money of a payment's rail arrives in, and leaves from. */
export function clearingOf({ rail }: Pick<PaymentRecord, 'rail'>): LedgerAccountKind {
  return `clearing_${rail}`;
}

function boughtBy({ priceNanoUsd, topUp }: PaymentRecord): PostingLine[] {
  if (topUp === undefined) return [{ kind: 'revenue', customerId: null, amountNanoUsd: nanoUsd(-priceNanoUsd) }];
  const { customerId, creditNanoUsd } = topUp;
  return [
    { kind: 'credits', customerId, amountNanoUsd: nanoUsd(-creditNanoUsd) },
    { kind: 'grants', customerId: null, amountNanoUsd: nanoUsd(creditNanoUsd - priceNanoUsd) },
  ];
}
