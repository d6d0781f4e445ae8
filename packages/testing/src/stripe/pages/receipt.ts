import { readable } from '../params/kinds.ts';
import type { World } from '../world.ts';
import { pageHtml } from './html.ts';
import type { PageAnswer } from './pages.ts';

/** `GET /receipts/{charge}`: what was paid and given back. */
export function receiptPage(world: World, id: string): PageAnswer {
  const charge = world.charges.get(id);
  const { amount, amount_refunded, currency } = charge;
  const body = `<p>Paid: ${readable(amount, currency)}</p><p>Refunded: ${readable(amount_refunded, currency)}</p>`;
  return { kind: 'page', status: 200, html: pageHtml(`Receipt ${charge.id}`, body) };
}
