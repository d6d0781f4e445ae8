import type { Decline } from '../../cards/outcome.ts';
import { invalidRequest } from '../../errors.ts';
import type { World } from '../../world.ts';
import { openCharge } from '../charges/attempt.ts';
import { requireUsable } from '../granted-tokens/use.ts';
import type { PaymentMethod } from '../payment-methods/payment-method.ts';
import { behaviourOf, cloneMethod } from '../payment-methods/resolve.ts';
import { nextActionOf } from './next-action.ts';
import type { PaymentIntent } from './payment-intent.ts';
import { failIntent, passIntent } from './settle.ts';

/** How an intent is confirmed. `offSession`: the payer is not there to authenticate. */
export type Confirmation = {
  readonly offSession: boolean;
  readonly errorOnRequiresAction: boolean;
  readonly challenge: boolean;
  readonly returnUrl: string | null;
};

export const authenticationRequired: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
};

/** Tries to take the money. Throws 400 when it cannot be tried, and the 402 of a decline. */
export function confirmIntent(world: World, intent: PaymentIntent, how: Confirmation): void {
  requireConfirmable(intent);
  const method = methodOf(world, intent);
  requireType(intent, method);
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  const { outcome } = behaviourOf(world, method.id);
  const mustAct = how.challenge || (outcome.kind === 'authentication' && !isSpared(world, outcome.when, method.id));
  if (mustAct && outcome.kind !== 'declined' && outcome.kind !== 'delayed') {
    if (how.offSession || how.errorOnRequiresAction) {
      throw failIntent(world, intent, openCharge(world, intent, method), authenticationRequired);
    }
    requireAction(world, intent, how.returnUrl);
    return;
  }
  const charge = openCharge(world, intent, method);
  switch (outcome.kind) {
    case 'declined':
      throw failIntent(world, intent, charge, outcome.decline);
    case 'authentication':
      if (outcome.then !== null) throw failIntent(world, intent, charge, outcome.then);
      passIntent(world, intent, charge);
      return;
    case 'delayed':
      process(world, intent, outcome.result, outcome.decline);
      return;
    case 'approved':
      passIntent(world, intent, charge);
      return;
  }
}

/** Throws 400 when an intent is past the point of being confirmed. */
export function requireConfirmable(intent: PaymentIntent): void {
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_confirmation') {
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_payment_method.`,
      { code: 'payment_intent_unexpected_state' },
    );
  }
}

function isSpared(world: World, when: 'always' | 'unless-set-up', method: string): boolean {
  return when === 'unless-set-up' && world.setUp.has(method);
}

/** The method of an intent: its own, or a copy of what its token stands for. */
function methodOf(world: World, intent: PaymentIntent): PaymentMethod {
  const token = world.tokensOfIntents.get(intent.id);
  if (token !== undefined) {
    requireUsable(world, token, { intent: intent.id, amount: intent.amount, currency: intent.currency });
    return cloneMethod(world, world.methodsOfTokens.get(token) ?? '');
  }
  if (intent.payment_method !== null) return world.paymentMethods.get(intent.payment_method);
  throw invalidRequest(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
    { code: 'payment_intent_unexpected_state' },
  );
}

/** Throws 400 when a method's type may not pay an intent. */
export function requireType(intent: PaymentIntent, method: Pick<PaymentMethod, 'type'>): void {
  if (intent.capture_method === 'manual' && method.type !== 'card') {
    throw invalidRequest(`The payment method type ${method.type} does not support manual capture.`, {
      param: 'capture_method',
    });
  }
  if (intent.automatic_payment_methods?.enabled === true) return;
  if (intent.payment_method_types.includes(method.type)) return;
  throw invalidRequest(
    `The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent. Please attach a payment method with one of the following types: ${intent.payment_method_types.join(', ')}.`,
    { code: 'payment_intent_invalid_parameter', param: 'payment_method' },
  );
}

function requireAction(world: World, intent: PaymentIntent, returnUrl: string | null): void {
  intent.status = 'requires_action';
  intent.next_action = nextActionOf(world, intent.id, returnUrl);
  world.events.emit('payment_intent.requires_action', intent);
}

/** A bank takes its time; the double's clock decides when it is through. */
function process(world: World, intent: PaymentIntent, result: 'succeeded' | 'failed' | 'open', decline: Decline): void {
  const charge = world.charges.get(intent.latest_charge ?? '');
  intent.status = 'processing';
  world.events.emit('payment_intent.processing', intent);
  world.events.emit('charge.pending', charge);
  if (result === 'open') return;
  world.clock.at(world.clock.nowMs() + world.processingMs, () => {
    if (intent.status !== 'processing') return;
    if (result === 'succeeded') passIntent(world, intent, charge);
    else failIntent(world, intent, charge, decline);
  });
}
