import { invalidRequest } from '../../errors.ts';
import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { automaticPaymentMethods, clearableText, mergedMetadata, metadata } from '../../params/kinds.ts';
import { boolean, fields, list, oneOf, text } from '../../params/param.ts';
import type { World } from '../../world.ts';
import { requireOwner } from '../payment-intents/create.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { confirmSetup } from './confirm.ts';
import { type SetupIntent, setupIntentOf } from './setup-intent.ts';

const methodTypes = oneOf('card', 'us_bank_account');
const creation = fields({
  allowed_payment_method_types: list(methodTypes),
  automatic_payment_methods: automaticPaymentMethods,
  confirm: boolean,
  customer: text(),
  description: clearableText(1000),
  metadata,
  payment_method: text(),
  payment_method_types: list(methodTypes),
  return_url: text(),
  usage: oneOf('off_session', 'on_session'),
  use_stripe_sdk: boolean,
});
const confirmation = fields({ payment_method: text(), return_url: text(), use_stripe_sdk: boolean });
const update = fields({ description: clearableText(1000), metadata, payment_method: text() });
const cancellation = fields({ cancellation_reason: oneOf('abandoned', 'duplicate', 'requested_by_customer') });

/** Verbs of `setup_intents`. */
export const setupIntentRoutes: readonly Route[] = [
  route('POST', '/v1/setup_intents', creation, (world, params) => {
    const customer = params.customer === undefined ? null : world.customers.get(params.customer, 'customer');
    const intent = setupIntentOf(world.clock.now());
    intent.customer = customer?.id ?? null;
    if (params.payment_method !== undefined) setMethod(world, intent, params.payment_method);
    const types = params.allowed_payment_method_types ?? params.payment_method_types;
    const automatic = params.automatic_payment_methods ?? { enabled: types === undefined };
    if (automatic.enabled) intent.automatic_payment_methods = { allow_redirects: 'always', ...automatic };
    intent.payment_method_types = types ?? ['card', 'us_bank_account'];
    intent.description = params.description ?? null;
    intent.metadata = mergedMetadata({}, params.metadata);
    intent.usage = params.usage ?? 'off_session';
    world.setupIntents.insert(intent);
    world.events.emit('setup_intent.created', intent);
    if (params.confirm === true) confirmSetup(world, intent, params.return_url ?? null);
    return intent;
  }),
  route('GET', '/v1/setup_intents/:id', fields({}), (world, _params, id) => world.setupIntents.get(id)),
  route('POST', '/v1/setup_intents/:id', update, (world, params, id) => {
    const intent = world.setupIntents.get(id);
    if (params.payment_method !== undefined) setMethod(world, intent, params.payment_method);
    if (params.description !== undefined) intent.description = params.description;
    intent.metadata = mergedMetadata(intent.metadata, params.metadata);
    return intent;
  }),
  route('POST', '/v1/setup_intents/:id/confirm', confirmation, (world, params, id) => {
    const intent = world.setupIntents.get(id);
    if (params.payment_method !== undefined) setMethod(world, intent, params.payment_method);
    confirmSetup(world, intent, params.return_url ?? null);
    return intent;
  }),
  route('POST', '/v1/setup_intents/:id/cancel', cancellation, (world, params, id) => {
    const intent = world.setupIntents.get(id);
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpected(intent);
    intent.status = 'canceled';
    intent.cancellation_reason = params.cancellation_reason ?? null;
    intent.next_action = null;
    world.events.emit('setup_intent.canceled', intent);
    return intent;
  }),
  listRoute('/v1/setup_intents', (world) => world.setupIntents, {
    customer: text(),
    payment_method: text(),
  }),
];

function setMethod(world: World, intent: SetupIntent, id: string): void {
  if (!['requires_payment_method', 'requires_confirmation'].includes(intent.status)) throw unexpected(intent);
  const method = resolveMethod(world, id, 'payment_method');
  requireOwner(method, intent.customer === null ? null : { id: intent.customer });
  intent.payment_method = method.id;
  intent.status = 'requires_confirmation';
}

function unexpected(intent: SetupIntent) {
  return invalidRequest(`This SetupIntent has a status of ${intent.status}; that cannot be done with it.`, {
    code: 'setup_intent_unexpected_state',
  });
}
