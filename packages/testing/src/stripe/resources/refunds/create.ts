import { invalidRequest } from '../../errors.ts';
import { type Metadata, readable } from '../../params/kinds.ts';
import type { World } from '../../world.ts';
import { book } from '../balance-transactions/book.ts';
import type { Charge } from '../charges/charge.ts';
import { behaviourOf } from '../payment-methods/resolve.ts';
import { reverseTaxOf } from '../tax/book-payment.ts';
import { type Refund, type RefundReason, refundOf } from './refund.ts';

/** Gives back a part of a charge; all that is left of it unless an amount is given. Never more than was charged. */
export function createRefund(
  world: World,
  charge: Charge,
  { amount, reason, metadata }: { amount: number | undefined; reason: RefundReason | undefined; metadata: Metadata },
): Refund {
  const left = refundableOf(world, charge);
  const wanted = amount ?? left;
  if (wanted > left) {
    const text = `Refund amount (${readable(wanted, charge.currency)}) is greater than unrefunded amount on charge (${readable(left, charge.currency)})`;
    throw invalidRequest(text, { param: 'amount' });
  }
  const refund = refundOf(world.clock.now(), charge, wanted);
  refund.reason = reason ?? null;
  refund.metadata = metadata;
  world.refunds.insert(refund);
  const kind = charge.payment_method_details.type === 'card' ? 'refund' : 'payment_refund';
  const { currency } = charge;
  refund.balance_transaction = book(world, { kind, amount: -wanted, currency, source: refund.id }).id;
  charge.refunds.data.unshift(refund);
  setRefunded(charge, charge.amount_refunded + wanted);
  const { refund: outcome } = behaviourOf(world, charge.payment_method ?? '');
  if (outcome === 'pending') refund.status = 'pending';
  world.events.emit('charge.refunded', charge);
  world.events.emit('refund.created', refund);
  reverseTaxOf(world, refund);
  if (outcome !== 'succeeded') {
    const settle = outcome === 'failed' ? failRefund : completeRefund;
    world.clock.at(world.clock.nowMs() + world.processingMs, () => settle(world, refund, charge));
  }
  return refund;
}

/** What can still be given back. Throws when nothing can. */
function refundableOf(world: World, charge: Charge): number {
  if (charge.status !== 'succeeded' || !charge.captured) {
    throw invalidRequest(`Charge ${charge.id} has not succeeded; it cannot be refunded.`, { param: 'charge' });
  }
  const dispute = world.disputes.newestFirst().find((candidate) => candidate.charge === charge.id);
  if (dispute !== undefined && !dispute.is_charge_refundable) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
      param: 'charge',
    });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left > 0) return left;
  throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
}

function completeRefund(world: World, refund: Refund): void {
  refund.status = 'succeeded';
  world.events.emit('refund.updated', refund);
}

/** The bank could not take it: the money is back on the account's balance. */
function failRefund(world: World, refund: Refund, charge: Charge): void {
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  const { amount, currency, id: source } = refund;
  book(world, { kind: 'adjustment', amount, currency, source });
  setRefunded(charge, charge.amount_refunded - amount);
  world.events.emit('refund.failed', refund);
}

function setRefunded(charge: Charge, amount: number): void {
  charge.amount_refunded = amount;
  charge.refunded = amount === charge.amount_captured;
}
