import type { TestMethod } from '../../cards/outcome.ts';
import { testMethod } from '../../cards/test-methods.ts';
import { newId } from '../../ids.ts';
import type { World } from '../../world.ts';
import { type BillingDetails, billingDetailsOf, type PaymentMethod, paymentMethodOf } from './payment-method.ts';

/** The method that an id stands for. A test name such as `pm_card_visa` makes a new method each time, as at Stripe. */
export function resolveMethod(world: World, id: string, param?: string): PaymentMethod {
  const test = id.startsWith('pm_') ? testMethod(id) : undefined;
  return test === undefined ? world.paymentMethods.get(id, param) : newMethod(world, test);
}

/** Makes a method that behaves like a test method. */
export function newMethod(world: World, test: TestMethod, billing: Partial<BillingDetails> = {}): PaymentMethod {
  const method = world.paymentMethods.insert(paymentMethodOf(newId('pm'), world.clock.now(), test.face));
  method.billing_details = billingDetailsOf(billing);
  world.behaviours.set(method.id, test);
  return method;
}

/** A copy of a method that belongs to nobody: what a seller gets out of a shared token. */
export function cloneMethod(world: World, id: string): PaymentMethod {
  const { billing_details } = world.paymentMethods.get(id);
  return newMethod(world, behaviourOf(world, id), billing_details);
}

/** How a method will behave. */
export function behaviourOf(world: World, id: string): TestMethod {
  const behaviour = world.behaviours.get(id);
  if (behaviour === undefined) throw new Error(`no behaviour is known of ${id}`);
  return behaviour;
}
