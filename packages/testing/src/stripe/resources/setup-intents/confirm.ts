import { type Decline, declineFields } from '../../cards/outcome.ts';
import { cardError, docUrlOf, invalidRequest, type StripeError } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { World } from '../../world.ts';
import { nextActionOf } from '../payment-intents/next-action.ts';
import { attach } from '../payment-methods/attach.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import { behaviourOf } from '../payment-methods/resolve.ts';
import type { SetupIntent } from './setup-intent.ts';

/** Tries to save the method. Throws 400 when it cannot be tried, and the 402 of a card that says no. */
export function confirmSetup(world: World, intent: SetupIntent, returnUrl: string | null): void {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    throw invalidRequest(`You cannot confirm this SetupIntent because it has a status of ${intent.status}.`, {
      code: 'setup_intent_unexpected_state',
    });
  }
  if (intent.payment_method === null) {
    throw invalidRequest("You cannot confirm this SetupIntent because it's missing a payment method.", {
      code: 'setup_intent_unexpected_state',
    });
  }
  const method = world.paymentMethods.get(intent.payment_method);
  const { outcome } = behaviourOf(world, method.id);
  intent.latest_attempt = newId('setatt');
  intent.last_setup_error = null;
  if (outcome.kind === 'declined' && outcome.at === 'saving') throw failSetup(world, intent, method, outcome.decline);
  if (outcome.kind !== 'authentication') {
    succeedSetup(world, intent, method);
    return;
  }
  intent.status = 'requires_action';
  intent.next_action = nextActionOf(world, intent.id, returnUrl);
  world.events.emit('setup_intent.requires_action', intent);
}

/** The owner has authenticated, or has failed to. */
export function authenticateSetup(world: World, intent: SetupIntent, passed: boolean): void {
  if (intent.status !== 'requires_action') throw invalidRequest(`${intent.id} waits for no authentication.`);
  const method = world.paymentMethods.get(intent.payment_method ?? '');
  if (passed) succeedSetup(world, intent, method);
  else failSetup(world, intent, method, { code: 'setup_intent_authentication_failure', declineCode: null });
}

function succeedSetup(world: World, intent: SetupIntent, method: PaymentMethod): void {
  const customer = world.customers.find(intent.customer ?? '');
  if (customer !== undefined) attach(world, method, customer);
  world.setUp.add(method.id);
  intent.status = 'succeeded';
  intent.next_action = null;
  world.events.emit('setup_intent.succeeded', intent);
}

function failSetup(world: World, intent: SetupIntent, method: PaymentMethod, decline: Decline): StripeError {
  const details = { ...declineFields(decline), payment_method: method };
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_setup_error = { type: 'card_error', doc_url: docUrlOf(decline.code), ...details };
  world.events.emit('setup_intent.setup_failed', intent);
  return cardError({ ...details, setup_intent: intent });
}
