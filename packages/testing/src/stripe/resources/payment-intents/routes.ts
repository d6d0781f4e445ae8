import { invalidRequest } from '../../errors.ts';
import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { searchFields, searchOf } from '../../http/search.ts';
import { mergedMetadata, requireChargeable } from '../../params/kinds.ts';
import { fields, text } from '../../params/param.ts';
import { captureCharge } from '../charges/attempt.ts';
import { requireUsable } from '../granted-tokens/use.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { confirmIntent, requireConfirmable } from './confirm.ts';
import { createIntent, howOf, requireCalculation, requireOwner, requireReturnUrl, tokenOf } from './create.ts';
import { cancellation, capture, confirmation, creation, update } from './params.ts';
import type { PaymentIntent } from './payment-intent.ts';
import { cancelIntent, finishIntent } from './settle.ts';

const searchable = ['amount', 'created', 'currency', 'customer', 'metadata', 'status'];
const cancelable = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'];

/** Verbs of `payment_intents`. */
export const paymentIntentRoutes: readonly Route[] = [
  route('POST', '/v1/payment_intents', creation, createIntent),
  route('GET', '/v1/payment_intents/search', searchFields, (world, params) =>
    searchOf(world, world.paymentIntents.newestFirst(), { ...params, searchable }, '/v1/payment_intents/search'),
  ),
  route('GET', '/v1/payment_intents/:id', fields({}), (world, _params, id) => world.paymentIntents.get(id)),
  route('POST', '/v1/payment_intents/:id', update, (world, params, id) => {
    const intent = world.paymentIntents.get(id);
    const { amount, currency, customer, hooks, metadata, payment_method, ...described } = params;
    const changesPayment = [amount, currency, customer, payment_method].some((given) => given !== undefined);
    if (changesPayment && !['requires_payment_method', 'requires_confirmation'].includes(intent.status)) {
      throw unexpected(`This PaymentIntent could not be updated because it has a status of ${intent.status}.`);
    }
    requireChargeable(amount ?? intent.amount, currency ?? intent.currency);
    requireCalculation(world, hooks);
    const owner = customer === undefined ? intent.customer : world.customers.get(customer, 'customer').id;
    const method = payment_method === undefined ? null : resolveMethod(world, payment_method, 'payment_method');
    if (method !== null) requireOwner(method, owner === null ? null : { id: owner });
    Object.assign(intent, described, hooks === undefined ? {} : { hooks });
    intent.amount = amount ?? intent.amount;
    intent.currency = currency ?? intent.currency;
    intent.customer = owner;
    intent.metadata = mergedMetadata(intent.metadata, metadata);
    if (method !== null) setMethod(intent, method.id);
    return intent;
  }),
  route('POST', '/v1/payment_intents/:id/confirm', confirmation, (world, params, id) => {
    const intent = world.paymentIntents.get(id);
    requireConfirmable(intent);
    const token = tokenOf(params);
    if (token !== null) requireUsable(world, token, { intent: id, amount: intent.amount, currency: intent.currency });
    const method =
      params.payment_method === undefined ? null : resolveMethod(world, params.payment_method, 'payment_method');
    if (method !== null) requireOwner(method, intent.customer === null ? null : { id: intent.customer });
    if (token !== null) world.tokensOfIntents.set(id, token);
    if (method !== null) {
      world.tokensOfIntents.delete(id);
      setMethod(intent, method.id);
    }
    if (params.receipt_email !== undefined) intent.receipt_email = params.receipt_email;
    if (params.setup_future_usage !== undefined) intent.setup_future_usage = params.setup_future_usage;
    requireReturnUrl(intent, params, world.tokensOfIntents.get(id) ?? null);
    confirmIntent(world, intent, howOf(params));
    return intent;
  }),
  route('POST', '/v1/payment_intents/:id/capture', capture, (world, params, id) => {
    const intent = world.paymentIntents.get(id);
    if (intent.status !== 'requires_capture') {
      throw unexpected(
        `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      );
    }
    const captured = params.amount_to_capture ?? intent.amount_capturable;
    if (captured > intent.amount_capturable) {
      throw invalidRequest('The requested capture amount is greater than the authorized amount.', {
        code: 'amount_too_large',
        param: 'amount_to_capture',
      });
    }
    const charge = world.charges.get(intent.latest_charge ?? '');
    intent.metadata = mergedMetadata(intent.metadata, params.metadata);
    captureCharge(world, charge, captured);
    finishIntent(world, intent, charge);
    return intent;
  }),
  route('POST', '/v1/payment_intents/:id/cancel', cancellation, (world, params, id) => {
    const intent = world.paymentIntents.get(id);
    if (!cancelable.includes(intent.status)) {
      throw unexpected(
        `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}.`,
      );
    }
    cancelIntent(world, intent, params.cancellation_reason ?? null);
    return intent;
  }),
  listRoute('/v1/payment_intents', (world) => world.paymentIntents, { customer: text() }),
];

function setMethod(intent: PaymentIntent, method: string): void {
  intent.payment_method = method;
  if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
}

function unexpected(message: string) {
  return invalidRequest(message, { code: 'payment_intent_unexpected_state' });
}
