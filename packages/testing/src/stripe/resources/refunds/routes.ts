import { invalidParameter, invalidRequest } from '../../errors.ts';
import { listRoute } from '../../http/list-route.ts';
import { type Route, route } from '../../http/route.ts';
import { amount, mergedMetadata, metadata } from '../../params/kinds.ts';
import { fields, oneOf, text } from '../../params/param.ts';
import type { World } from '../../world.ts';
import type { Charge } from '../charges/charge.ts';
import { createRefund } from './create.ts';

const creation = fields({
  amount,
  charge: text(),
  metadata,
  payment_intent: text(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
});

/** Verbs of `refunds`. */
export const refundRoutes: readonly Route[] = [
  route('POST', '/v1/refunds', creation, (world, params) =>
    createRefund(world, chargeOfParams(world, params), {
      amount: params.amount,
      reason: params.reason,
      metadata: mergedMetadata({}, params.metadata),
    }),
  ),
  route('GET', '/v1/refunds/:id', fields({}), (world, _params, id) => world.refunds.get(id)),
  route('POST', '/v1/refunds/:id', fields({ metadata }), (world, params, id) => {
    const refund = world.refunds.get(id);
    refund.metadata = mergedMetadata(refund.metadata, params.metadata);
    world.events.emit('refund.updated', refund);
    return refund;
  }),
  listRoute('/v1/refunds', (world) => world.refunds, { charge: text(), payment_intent: text() }),
];

function chargeOfParams(world: World, params: { charge?: string; payment_intent?: string }): Charge {
  const { charge, payment_intent } = params;
  if (charge !== undefined) {
    const found = world.charges.get(charge, 'charge');
    if (payment_intent === undefined || payment_intent === found.payment_intent) return found;
    throw invalidParameter('The charge is not one of the payment_intent.', 'charge');
  }
  if (payment_intent === undefined) {
    throw invalidParameter(
      'One of the following params should be provided for this request: payment_intent or charge.',
      'payment_intent',
      'parameter_missing',
    );
  }
  const intent = world.paymentIntents.get(payment_intent, 'payment_intent');
  if (intent.status === 'succeeded' && intent.latest_charge !== null) return world.charges.get(intent.latest_charge);
  throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
    code: 'payment_intent_unexpected_state',
    param: 'payment_intent',
  });
}
