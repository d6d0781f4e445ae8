import { declineFields } from '../../cards/outcome.ts';
import { cardError, invalidRequest } from '../../errors.ts';
import type { World } from '../../world.ts';
import type { Customer } from '../customers/customer.ts';
import type { PaymentMethod } from './payment-method.ts';
import { behaviourOf } from './resolve.ts';

/** Gives a method to a customer. Throws the card's decline, and 400 when it belongs to somebody else. */
export function attach(world: World, method: PaymentMethod, customer: Customer): void {
  if (method.customer === customer.id) return;
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', {
      code: 'resource_already_exists',
    });
  }
  requireSavable(world, method);
  method.customer = customer.id;
  world.events.emit('payment_method.attached', method);
}

/** Throws the decline of a card that cannot even be saved. */
export function requireSavable(world: World, method: PaymentMethod): void {
  const { outcome } = behaviourOf(world, method.id);
  if (outcome.kind !== 'declined' || outcome.at !== 'saving') return;
  throw cardError(declineFields(outcome.decline));
}
