import { listRoute } from '../../http/list-route.ts';
import { pageFields, pageOf } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { mergedMetadata, metadata } from '../../params/kinds.ts';
import { fields, oneOf, text } from '../../params/param.ts';
import { createSession } from './create.ts';
import { expireSession } from './finish.ts';
import { creation } from './params.ts';

/** Verbs of `checkout/sessions`; the page that pays them is `GET /pay/{id}`. */
export const checkoutSessionRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', creation, createSession),
  route('GET', '/v1/checkout/sessions/:id', fields({}), (world, _params, id) => world.checkoutSessions.get(id)),
  route('POST', '/v1/checkout/sessions/:id', fields({ metadata }), (world, params, id) => {
    const session = world.checkoutSessions.get(id);
    session.metadata = mergedMetadata(session.metadata, params.metadata);
    return session;
  }),
  route('POST', '/v1/checkout/sessions/:id/expire', fields({}), (world, _params, id) =>
    expireSession(world, world.checkoutSessions.get(id)),
  ),
  route('GET', '/v1/checkout/sessions/:id/line_items', fields(pageFields), (world, page, id) => {
    const { data, url } = world.checkoutSessions.get(id).line_items;
    return pageOf(data, page, url);
  }),
  listRoute('/v1/checkout/sessions', (world) => world.checkoutSessions, {
    customer: text(),
    payment_intent: text(),
    status: oneOf('open', 'complete', 'expired'),
  }),
];
