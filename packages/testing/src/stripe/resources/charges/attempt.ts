import { type Decline, messageOf } from '../../cards/outcome.ts';
import type { World } from '../../world.ts';
import { book } from '../balance-transactions/book.ts';
import type { PaymentIntent } from '../payment-intents/payment-intent.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import { type Charge, chargeOf, outcomeOf } from './charge.ts';

/** Begins to charge a method for an intent. */
export function openCharge(world: World, intent: PaymentIntent, method: PaymentMethod): Charge {
  const charge = world.charges.insert(chargeOf(world.clock.now(), intent, method, world.baseUrl));
  intent.latest_charge = charge.id;
  return charge;
}

/** The bank has said yes; nothing is on the balance before it is captured. */
export function authorizeCharge(world: World, charge: Charge): void {
  charge.status = 'succeeded';
  charge.paid = true;
  world.events.emit('charge.succeeded', charge);
}

/** The money has come, all of it at once: it is on the balance. */
export function completeCharge(world: World, charge: Charge): void {
  charge.status = 'succeeded';
  charge.paid = true;
  take(world, charge, charge.amount);
  world.events.emit('charge.succeeded', charge);
}

/** Takes what was authorized, or a part of it; the rest is free again. */
export function captureCharge(world: World, charge: Charge, amount: number): void {
  take(world, charge, amount);
  world.events.emit('charge.captured', charge);
}

function take(world: World, charge: Charge, amount: number): void {
  charge.captured = true;
  charge.amount_captured = amount;
  const kind = charge.payment_method_details.type === 'card' ? 'charge' : 'payment';
  charge.balance_transaction = book(world, { kind, amount, currency: charge.currency, source: charge.id }).id;
}

/** The money will not come. */
export function failCharge(world: World, charge: Charge, decline: Decline): void {
  charge.status = 'failed';
  charge.receipt_url = null;
  charge.failure_code = decline.code;
  charge.failure_message = messageOf(decline);
  charge.outcome = outcomeOf('declined_by_network', decline.declineCode ?? decline.code);
  world.events.emit('charge.failed', charge);
}

/** Notes that the payer was authenticated for it. */
export function noteAuthentication(charge: Charge): void {
  const details = charge.payment_method_details;
  if (!('card' in details) || details.card === undefined) return;
  details.card.three_d_secure = {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: '05',
    exemption_indicator: null,
    result: 'authenticated',
    result_reason: null,
    transaction_id: charge.id.replace(/^ch_/, 'dst_'),
    version: '2.2.0',
  };
}
