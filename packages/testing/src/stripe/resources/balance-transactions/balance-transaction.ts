import { newId } from '../../ids.ts';

/** A movement of the account's balance as the API shows it. */
export type BalanceTransaction = ReturnType<typeof balanceTransactionOf>;

type Kind = 'charge' | 'payment' | 'refund' | 'payment_refund' | 'adjustment';

/** Cards cost 2.9 % and 30 cents, bank debits 0.8 % up to 5 dollars; what goes back costs nothing and returns no fee. */
export function feeOf(kind: Kind, amount: number): number {
  if (kind === 'charge') return Math.round(amount * 0.029) + 30;
  return kind === 'payment' ? Math.min(Math.round(amount * 0.008), 500) : 0;
}

/** A movement of `amount`, negative when it leaves; `source` is what caused it. */
export function balanceTransactionOf(
  created: number,
  {
    kind,
    amount,
    currency,
    source,
    fee,
  }: { kind: Kind; amount: number; currency: string; source: string; fee: number },
) {
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: created + 2 * 86_400,
    balance_type: 'payments',
    created,
    currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: reportingCategories[kind],
    source,
    status: 'pending',
    type: kind,
  };
}

const reportingCategories: Readonly<Record<Kind, string>> = {
  charge: 'charge',
  payment: 'charge',
  refund: 'refund',
  payment_refund: 'refund',
  adjustment: 'dispute',
};
