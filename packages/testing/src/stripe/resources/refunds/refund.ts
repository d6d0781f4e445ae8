import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';

/** A refund as the API shows it. `failure_reason` is there once it has failed. */
export type Refund = ReturnType<typeof refundOf> & { failure_reason?: string };

export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';

type RefundedCharge = {
  readonly id: string;
  readonly currency: string;
  readonly customer: string | null;
  readonly payment_intent: string | null;
  readonly payment_method: string | null;
  readonly payment_method_details: { readonly type: string };
};

/** A refund of a part of a charge, not yet sent. */
export function refundOf(created: number, charge: RefundedCharge, amount: number) {
  const type = charge.payment_method_details.type;
  return {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null as string | null,
    charge: charge.id,
    created,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: type === 'card' ? { card: { type: 'refund' }, type } : { us_bank_transfer: {}, type },
    metadata: {} as Metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null as RefundReason | null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded' as 'succeeded' | 'pending' | 'failed',
    transfer_reversal: null,
  };
}
