import { newId } from '../../ids.ts';
import type { Metadata } from '../../params/kinds.ts';
import type { TaxCalculation, TaxCalculationLine } from './tax-calculation.ts';

/** A tax transaction as the API shows it. */
export type TaxTransaction = ReturnType<typeof taxTransactionOf>;

/** Books a calculation; `sign` is -1 for its reversal, which names the transaction that it takes back. */
export function taxTransactionOf(
  created: number,
  calculation: Pick<TaxCalculation, 'currency' | 'customer' | 'customer_details' | 'tax_date'> & {
    lines: readonly Pick<
      TaxCalculationLine,
      'amount' | 'amount_tax' | 'product' | 'quantity' | 'reference' | 'tax_behavior' | 'tax_code' | 'metadata'
    >[];
  },
  { reference, metadata, reverses }: { reference: string; metadata: Metadata; reverses: ReversedTransaction | null },
) {
  const id = newId('tax');
  const type = reverses === null ? ('transaction' as const) : ('reversal' as const);
  const lines = calculation.lines.map((line, index) => ({
    id: newId('tax_li'),
    object: 'tax.transaction_line_item',
    amount: line.amount,
    amount_tax: line.amount_tax,
    livemode: false,
    metadata: line.metadata,
    product: line.product,
    quantity: line.quantity,
    reference: line.reference,
    reversal: reverses === null ? null : { original_line_item: reverses.lineIds[index] ?? null },
    tax_behavior: line.tax_behavior,
    tax_code: line.tax_code,
    type,
  }));
  return {
    id,
    object: 'tax.transaction',
    created,
    currency: calculation.currency,
    customer: calculation.customer,
    customer_details: calculation.customer_details,
    line_items: { object: 'list', data: lines, has_more: false, url: `/v1/tax/transactions/${id}/line_items` },
    livemode: false,
    metadata,
    posted_at: created,
    reference,
    reversal: reverses === null ? null : { original_transaction: reverses.id },
    ship_from_details: null,
    shipping_cost: null,
    tax_date: calculation.tax_date,
    type,
  };
}

/** A transaction that is taken back, with its lines in order. */
export type ReversedTransaction = { readonly id: string; readonly lineIds: readonly string[] };
