import type { World } from '../../world.ts';
import type { PaymentIntent } from '../payment-intents/payment-intent.ts';
import type { Refund } from '../refunds/refund.ts';
import { type TaxAssociation, taxAssociationOf } from './tax-association.ts';
import type { TaxCalculation } from './tax-calculation.ts';
import { bookCalculation, isFree, reverseTransaction } from './transactions.ts';

type TaxHooks = { inputs?: { tax?: { calculation?: string | null } } };

/** Books the tax of a paid intent when it names a calculation. A calculation that cannot be booked stops no payment. */
export function bookTaxOf(world: World, intent: PaymentIntent & { hooks?: TaxHooks }): void {
  const id = intent.hooks?.inputs?.tax?.calculation;
  if (typeof id !== 'string') return;
  const calculation = world.taxCalculations.get(id);
  const reason = obstacleOf(world, calculation, intent);
  const association = world.taxAssociations.insert(taxAssociationOf(id, intent.id));
  if (reason !== null) fail(association, intent.id, reason);
  else commit(association, intent.id, bookCalculation(world, calculation, intent.id, intent.metadata).id);
}

/** Why a calculation cannot be booked for a payment; null when it can. */
function obstacleOf(world: World, calculation: TaxCalculation, intent: PaymentIntent): string | null {
  const others = world.taxAssociations.newestFirst();
  if (others.some((other) => other.calculation === calculation.id))
    return 'another_payment_associated_with_calculation';
  if (calculation.expires_at <= world.clock.now()) return 'calculation_expired';
  if (calculation.currency !== intent.currency) return 'currency_mismatch';
  return isFree(world, intent.id) ? null : 'unique_reference_violation';
}

/** Takes back the tax of the part of a payment that was refunded. */
export function reverseTaxOf(world: World, refund: Refund): void {
  const association = world.taxAssociations
    .newestFirst()
    .find((candidate) => candidate.payment_intent === refund.payment_intent);
  const first = association?.tax_transaction_attempts[0];
  if (association === undefined || first === undefined || !('committed' in first)) return;
  const original = world.taxTransactions.get(first.committed.transaction);
  const reference = { reference: refund.id, metadata: refund.metadata, flatAmount: -refund.amount };
  commit(association, refund.id, reverseTransaction(world, original, reference).id);
}

function commit({ tax_transaction_attempts: attempts }: TaxAssociation, source: string, transaction: string): void {
  attempts.push({ committed: { transaction }, source, status: 'committed' });
}

function fail({ tax_transaction_attempts: attempts }: TaxAssociation, source: string, reason: string): void {
  attempts.push({ errored: { reason }, source, status: 'errored' });
}
