import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { BalanceTransaction } from '../balance-transactions/balance-transaction.ts';
import type { Charge } from '../charges/charge.ts';

/** A dispute as the API shows it. */
export type Dispute = ReturnType<typeof disputeOf>;

export type DisputeStatus =
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed';

const evidenceNames = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
];
const daysToAnswer = 9;

/** A dispute that was just opened. An inquiry takes no money yet. */
export function disputeOf(
  created: number,
  charge: Charge,
  { amount, reason, inquiry }: { amount: number; reason: string; inquiry: boolean },
) {
  const { type } = charge.payment_method_details;
  const brand = 'card' in charge.payment_method_details ? charge.payment_method_details.card?.brand : undefined;
  const card = { brand: brand ?? 'visa', case_type: inquiry ? 'inquiry' : 'chargeback', network: brand ?? 'visa' };
  return {
    id: newId('du'),
    object: 'dispute',
    amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...Object.fromEntries(evidenceNames.map((name) => [name, null])), enhanced_evidence: {} },
    evidence_details: {
      due_by: created + daysToAnswer * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {} as Metadata,
    payment_intent: charge.payment_intent,
    payment_method_details: type === 'card' ? { card: { ...card, network_reason_code: '10.4' }, type } : { type },
    reason,
    status: (inquiry ? 'warning_needs_response' : 'needs_response') as DisputeStatus,
  };
}
