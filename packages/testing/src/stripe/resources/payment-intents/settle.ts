import { type Decline, declineFields } from '../../cards/outcome.ts';
import { cardError, docUrlOf, invalidRequest, type StripeError } from '../../errors.ts';
import type { World } from '../../world.ts';
import { authorizeCharge, completeCharge, failCharge, noteAuthentication, openCharge } from '../charges/attempt.ts';
import type { Charge } from '../charges/charge.ts';
import { openDispute } from '../disputes/open.ts';
import { consumeToken } from '../granted-tokens/use.ts';
import { attach } from '../payment-methods/attach.ts';
import { behaviourOf } from '../payment-methods/resolve.ts';
import { bookTaxOf } from '../tax/book-payment.ts';
import type { PaymentIntent } from './payment-intent.ts';

/** How long a card's bank holds an amount that nobody captures. */
const authorizationMs = 7 * 86_400_000;

/** The bank has said yes: the money is there, or held until it is captured where the intent wants that. */
export function passIntent(world: World, intent: PaymentIntent, charge: Charge): void {
  intent.next_action = null;
  if (intent.capture_method === 'manual') {
    authorizeIntent(world, intent, charge);
    return;
  }
  completeCharge(world, charge);
  finishIntent(world, intent, charge);
}

/** What follows once the money of a charge was taken. */
export function finishIntent(world: World, intent: PaymentIntent, charge: Charge): void {
  intent.status = 'succeeded';
  intent.amount_capturable = 0;
  intent.amount_received = charge.amount_captured;
  const method = world.paymentMethods.get(charge.payment_method ?? '');
  const customer = world.customers.find(intent.customer ?? '');
  if (intent.setup_future_usage !== null && customer !== undefined) {
    attach(world, method, customer);
    world.setUp.add(method.id);
  }
  world.events.emit('payment_intent.succeeded', intent);
  consumeToken(world, intent);
  bookTaxOf(world, intent);
  const { outcome } = behaviourOf(world, method.id);
  if (outcome.kind === 'approved' && outcome.dispute !== null) openDispute(world, charge, outcome.dispute);
}

function authorizeIntent(world: World, intent: PaymentIntent, charge: Charge): void {
  authorizeCharge(world, charge);
  intent.status = 'requires_capture';
  intent.amount_capturable = intent.amount;
  world.events.emit('payment_intent.amount_capturable_updated', intent);
  world.clock.at(world.clock.nowMs() + authorizationMs, () => {
    if (intent.status === 'requires_capture') cancelIntent(world, intent, 'automatic');
  });
}

/** Ends an intent that was not paid; what was authorized is free again. */
export function cancelIntent(world: World, intent: PaymentIntent, reason: string | null): void {
  if (intent.status === 'requires_capture') {
    const charge = world.charges.get(intent.latest_charge ?? '');
    charge.refunded = true;
    charge.amount_refunded = charge.amount;
    world.events.emit('charge.refunded', charge);
  }
  intent.status = 'canceled';
  intent.amount_capturable = 0;
  intent.canceled_at = world.clock.now();
  intent.cancellation_reason = reason;
  intent.next_action = null;
  world.events.emit('payment_intent.canceled', intent);
}

/** An attempt has failed: another method is needed. Returns the 402 that says so. */
export function failIntent(world: World, intent: PaymentIntent, charge: Charge | null, decline: Decline): StripeError {
  if (charge !== null) failCharge(world, charge, decline);
  const method = world.paymentMethods.get(intent.payment_method ?? '');
  const details = { ...declineFields(decline), ...(charge === null ? {} : { charge: charge.id }) };
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = {
    type: 'card_error',
    doc_url: docUrlOf(decline.code),
    ...details,
    payment_method: method,
  };
  world.events.emit('payment_intent.payment_failed', intent);
  return cardError({ ...details, payment_intent: intent, payment_method: method });
}

/** The payer has authenticated, or has failed to. */
export function authenticateIntent(world: World, intent: PaymentIntent, passed: boolean): void {
  if (intent.status !== 'requires_action') throw invalidRequest(`${intent.id} waits for no authentication.`);
  const method = world.paymentMethods.get(intent.payment_method ?? '');
  if (!passed) {
    failIntent(world, intent, null, { code: 'payment_intent_authentication_failure', declineCode: null });
    return;
  }
  const charge = openCharge(world, intent, method);
  noteAuthentication(charge);
  const { outcome } = behaviourOf(world, method.id);
  if (outcome.kind === 'authentication' && outcome.then !== null) failIntent(world, intent, charge, outcome.then);
  else passIntent(world, intent, charge);
}

/** A bank that was processing has decided. `decline` is why, when it says no. */
export function settleIntent(
  world: World,
  intent: PaymentIntent,
  result: 'succeeded' | 'failed',
  decline?: Decline,
): void {
  if (intent.status !== 'processing') throw invalidRequest(`${intent.id} is not processing.`);
  const charge = world.charges.get(intent.latest_charge ?? '');
  const { outcome } = behaviourOf(world, charge.payment_method ?? '');
  const usual =
    outcome.kind === 'delayed' ? outcome.decline : { code: 'card_declined', declineCode: 'generic_decline' };
  if (result === 'succeeded') passIntent(world, intent, charge);
  else failIntent(world, intent, charge, decline ?? usual);
}
