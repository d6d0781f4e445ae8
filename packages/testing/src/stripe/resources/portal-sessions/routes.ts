import { invalidRequest } from '../../errors.ts';
import { type Route, route } from '../../http/route.ts';
import { fields, oneOf, text } from '../../params/param.ts';
import { portalSessionOf } from './portal-session.ts';

const creation = fields(
  {
    configuration: text(),
    customer: text(),
    flow_data: fields({ type: oneOf('payment_method_update') }, ['type']),
    locale: text(),
    return_url: text(),
  },
  ['customer'],
);

/** The verb of `billing_portal/sessions`. */
export const portalSessionRoutes: readonly Route[] = [
  route('POST', '/v1/billing_portal/sessions', creation, (world, params) => {
    const customer = world.customers.get(params.customer, 'customer');
    const configuration = params.configuration ?? world.portalConfiguration;
    if (configuration !== world.portalConfiguration) {
      throw invalidRequest(`No such configuration: '${configuration}'`, {
        code: 'resource_missing',
        param: 'configuration',
      });
    }
    const session = portalSessionOf(world.clock.now(), customer.id, configuration, world.baseUrl);
    session.return_url = params.return_url ?? null;
    session.locale = params.locale ?? null;
    if (params.flow_data !== undefined) {
      const after = { type: 'portal_homepage', hosted_confirmation: null, redirect: null };
      const unused = { subscription_cancel: null, subscription_update: null, subscription_update_confirm: null };
      session.flow = { after_completion: after, ...unused, ...params.flow_data };
    }
    return world.portalSessions.insert(session);
  }),
];
