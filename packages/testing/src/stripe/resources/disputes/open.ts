import { invalidRequest } from '../../errors.ts';
import type { World } from '../../world.ts';
import { book } from '../balance-transactions/book.ts';
import type { Charge } from '../charges/charge.ts';
import { type Dispute, disputeOf } from './dispute.ts';

const feeCents = 1500;

/** The payer's bank takes a charge back, or asks about it (an inquiry, which takes no money). */
export function openDispute(
  world: World,
  charge: Charge,
  { reason = 'fraudulent', inquiry = false, amount = charge.amount - charge.amount_refunded } = {},
): Dispute {
  if (!charge.paid || charge.disputed) throw invalidRequest(`Charge ${charge.id} cannot be disputed.`);
  const dispute = world.disputes.insert(disputeOf(world.clock.now(), charge, { amount, reason, inquiry }));
  charge.disputed = true;
  world.events.emit('charge.dispute.created', dispute);
  if (inquiry) return dispute;
  const withdrawal = { kind: 'adjustment' as const, amount: -amount, currency: charge.currency, source: dispute.id };
  dispute.balance_transactions.push(book(world, withdrawal, feeCents));
  world.events.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank has decided. What was taken comes back when the dispute is won; the fee does not. */
export function closeDispute(world: World, dispute: Dispute, result: 'won' | 'lost'): Dispute {
  if (['won', 'lost', 'warning_closed'].includes(dispute.status)) {
    throw invalidRequest('This dispute is already closed.');
  }
  dispute.status = dispute.status.startsWith('warning_') ? 'warning_closed' : result;
  world.events.emit('charge.dispute.closed', dispute);
  if (dispute.status !== 'won') return dispute;
  const { amount, currency, id: source } = dispute;
  dispute.balance_transactions.push(book(world, { kind: 'adjustment', amount, currency, source }));
  world.events.emit('charge.dispute.funds_reinstated', dispute);
  return dispute;
}
