import { invalidParameter, invalidRequest } from '../../errors.ts';
import { type Route, route } from '../../http/route.ts';
import { amount, currency, mergedMetadata, metadata, timestamp } from '../../params/kinds.ts';
import { fields, text } from '../../params/param.ts';
import { resolveMethod } from '../payment-methods/resolve.ts';
import { grantedTokenOf } from './granted-token.ts';
import { deactivate } from './use.ts';

const creation = fields(
  {
    customer: text(),
    payment_method: text(),
    seller_details: fields({ external_id: text(), network_business_profile: text(), network_id: text() }),
    shared_metadata: metadata,
    usage_limits: fields({ currency, expires_at: timestamp, max_amount: amount }, [
      'currency',
      'expires_at',
      'max_amount',
    ]),
  },
  ['payment_method', 'usage_limits'],
);

/** Verbs of shared payment tokens: what the seller sees, and the helpers that stand for the agent's side. */
export const grantedTokenRoutes: readonly Route[] = [
  route('POST', '/v1/test_helpers/shared_payment/granted_tokens', creation, (world, params) => {
    const { usage_limits: limits, seller_details: seller = {} } = params;
    if (limits.expires_at <= world.clock.now()) {
      throw invalidParameter('`expires_at` must be in the future.', 'usage_limits[expires_at]');
    }
    if (params.customer !== undefined) world.customers.get(params.customer, 'customer');
    const method = resolveMethod(world, params.payment_method, 'payment_method');
    const profile = seller.network_business_profile ?? seller.network_id ?? null;
    const token = world.grantedTokens.insert(grantedTokenOf(world.clock.now(), { method, limits, profile }));
    token.shared_metadata = mergedMetadata({}, params.shared_metadata);
    world.methodsOfTokens.set(token.id, method.id);
    world.clock.at(limits.expires_at * 1000, () => deactivate(world, token, 'expired'));
    return token;
  }),
  route('POST', '/v1/test_helpers/shared_payment/granted_tokens/:id/revoke', fields({}), (world, _params, id) => {
    const token = world.grantedTokens.get(id);
    if (token.deactivated_reason !== null) {
      throw invalidRequest(`The shared payment token '${id}' has been deactivated (${token.deactivated_reason}).`);
    }
    deactivate(world, token, 'revoked');
    return token;
  }),
  route('GET', '/v1/shared_payment/granted_tokens/:id', fields({}), (world, _params, id) =>
    world.grantedTokens.get(id),
  ),
];
