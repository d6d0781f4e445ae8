import { newId } from '../../ids.ts';

/** What was booked for a payment as the API shows it: the tax of the payment, and of each refund of it. */
export type TaxAssociation = ReturnType<typeof taxAssociationOf>;

/** One attempt to book; `source` is the intent or the refund that it is for. */
export type TaxAttempt =
  | { committed: { transaction: string }; source: string; status: 'committed' }
  | { errored: { reason: string }; source: string; status: 'errored' };

/** A payment whose tax was calculated and not booked yet. */
export function taxAssociationOf(calculation: string, intent: string) {
  return {
    id: newId('taxa'),
    object: 'tax.association',
    calculation,
    payment_intent: intent,
    tax_transaction_attempts: [] as TaxAttempt[],
  };
}
