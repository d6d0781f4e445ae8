import { resourceMissing } from '../errors.ts';
import type { World } from '../world.ts';
import { escaped, pageHtml } from './html.ts';
import type { PageAnswer } from './pages.ts';

/** `GET /portal/{secret}`: the customer's own page: who they are, how they pay, and the way back. */
export function portalPage(world: World, secret: string): PageAnswer {
  const session = world.portalSessions.newestFirst().find(({ url }) => url.endsWith(`/portal/${secret}`));
  if (session === undefined) throw resourceMissing('billing_portal.session', secret);
  const customer = world.customers.get(session.customer);
  const methods = world.paymentMethods
    .newestFirst()
    .filter((method) => method.customer === customer.id)
    .map((method) => `<li>${'card' in method ? `${method.card?.brand} ${method.card?.last4}` : 'bank account'}</li>`);
  const back = session.return_url === null ? '' : `<p><a href="${escaped(session.return_url)}">Return</a></p>`;
  const who = escaped(customer.email ?? customer.name ?? customer.id);
  return { kind: 'page', status: 200, html: pageHtml('Billing', `<p>${who}</p><ul>${methods.join('')}</ul>${back}`) };
}
