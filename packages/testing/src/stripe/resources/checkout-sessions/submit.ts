import { invalidRequest } from '../../errors.ts';
import { newId } from '../../ids.ts';
import { type Address, emptyAddress } from '../../params/kinds.ts';
import type { World } from '../../world.ts';
import { customerOf } from '../customers/customer.ts';
import { confirmIntent } from '../payment-intents/confirm.ts';
import { createIntent } from '../payment-intents/create.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { confirmSetup } from '../setup-intents/confirm.ts';
import { setupIntentOf } from '../setup-intents/setup-intent.ts';
import { rateAt, taxOn } from '../tax/rates.ts';
import type { CheckoutSession } from './checkout-session.ts';
import type { CheckoutPlan } from './plan.ts';

/** What a person enters on the page of a session; `method` is a test payment method. */
export type Submission = {
  readonly method: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly country: string | null;
};

/** Pays or saves what was entered. Throws the card's 402; the session stays open then. */
export function submitSession(world: World, session: CheckoutSession, submission: Submission): void {
  if (session.status !== 'open') throw invalidRequest(`This Checkout Session is ${session.status}.`);
  if (session.mode === 'subscription') {
    throw invalidRequest('Subscriptions are not part of this double yet: nothing was paid.');
  }
  const plan = world.checkoutPlans.get(session.id);
  if (plan === undefined) throw new Error(`no plan is known of ${session.id}`);
  const address = { ...emptyAddress(), country: submission.country };
  session.customer_details = {
    address,
    business_name: null,
    email: submission.email ?? session.customer_email,
    individual_name: null,
    name: submission.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
  if (session.automatic_tax.enabled) addTax(session, address);
  const needsCustomer = session.customer_creation === 'always' || plan.setupFutureUsage !== null;
  if (session.customer === null && needsCustomer) session.customer = newCustomer(world, session);
  const returnUrl = `${world.baseUrl}/pay/${session.id}/return`;
  if (session.mode === 'setup') setUp(world, session, plan, submission.method, returnUrl);
  else pay(world, session, plan, submission.method, returnUrl);
}

/** Adds the tax of the country to what is paid, anew each time. */
function addTax(session: CheckoutSession, address: Address): void {
  const subtotal = session.amount_subtotal ?? 0;
  const tax = taxOn(subtotal, rateAt(address), 'exclusive');
  session.automatic_tax.status = 'complete';
  session.amount_total = subtotal + tax;
  if (session.total_details !== null) session.total_details.amount_tax = tax;
}

function newCustomer(world: World, { customer_details: details }: CheckoutSession): string {
  const customer = world.customers.insert(customerOf(newId('cus', 14), world.clock.now()));
  customer.email = details?.email ?? null;
  customer.name = details?.name ?? null;
  customer.address = details?.address ?? null;
  world.events.emit('customer.created', customer);
  return customer.id;
}

function pay(world: World, session: CheckoutSession, plan: CheckoutPlan, name: string, returnUrl: string): void {
  const method = resolveMethod(world, name, 'payment_method');
  const intent =
    session.payment_intent === null
      ? createIntent(world, {
          amount: session.amount_total ?? 0,
          currency: session.currency ?? 'usd',
          description: plan.description,
          metadata: plan.metadata,
          allowed_payment_method_types: session.payment_method_types as ('card' | 'us_bank_account')[],
          receipt_email: plan.receiptEmail,
          ...(session.customer === null ? {} : { customer: session.customer }),
          ...(plan.setupFutureUsage === null ? {} : { setup_future_usage: plan.setupFutureUsage }),
          ...(plan.transferGroup === null ? {} : { transfer_group: plan.transferGroup }),
        })
      : world.paymentIntents.get(session.payment_intent);
  session.payment_intent = intent.id;
  intent.amount = session.amount_total ?? intent.amount;
  intent.payment_method = method.id;
  confirmIntent(world, intent, { offSession: false, errorOnRequiresAction: false, challenge: false, returnUrl });
}

function setUp(world: World, session: CheckoutSession, plan: CheckoutPlan, name: string, returnUrl: string): void {
  const method = resolveMethod(world, name, 'payment_method');
  const known = session.setup_intent === null ? undefined : world.setupIntents.get(session.setup_intent);
  const intent = known ?? world.setupIntents.insert(setupIntentOf(world.clock.now()));
  if (known === undefined) {
    intent.customer = session.customer;
    intent.description = plan.description;
    intent.metadata = plan.metadata;
    intent.payment_method_types = session.payment_method_types;
    session.setup_intent = intent.id;
    world.events.emit('setup_intent.created', intent);
  }
  intent.payment_method = method.id;
  confirmSetup(world, intent, returnUrl);
}
