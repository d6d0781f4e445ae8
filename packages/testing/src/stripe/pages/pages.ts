import { StripeError } from '../errors.ts';
import type { Ending } from '../http/api.ts';
import type { Incoming } from '../http/incoming.ts';
import type { World } from '../world.ts';
import { authenticationPage, submitAuthentication } from './authentication.ts';
import { checkoutPage, checkoutReturn, submitCheckout } from './checkout.ts';
import { pageHtml } from './html.ts';
import { portalPage } from './portal.ts';
import { receiptPage } from './receipt.ts';

/** What a browser gets: a page, or the place to go next. */
export type PageAnswer = { kind: 'page'; status: number; html: string } | { kind: 'redirect'; to: string };

const pages: Readonly<Record<string, (world: World, id: string, form: URLSearchParams) => PageAnswer>> = {
  'GET /pay/:id': checkoutPage,
  'POST /pay/:id': submitCheckout,
  'GET /pay/:id/return': checkoutReturn,
  'GET /authenticate/:id': authenticationPage,
  'POST /authenticate/:id': submitAuthentication,
  'GET /portal/:id': portalPage,
  'GET /receipts/:id': receiptPage,
};

/** Answers a browser; undefined when there is no such page. */
export function answerPage(world: World, { method, path, body }: Incoming): Ending | undefined {
  const [, folder, id, ...rest] = path.split('/');
  const name = [`${method} /${folder}/:id`, ...rest].join('/');
  const page = Object.hasOwn(pages, name) && id !== undefined ? pages[name] : undefined;
  if (page === undefined) return undefined;
  world.clock.runDue();
  const answer = answerOf(() => page(world, id ?? '', new URLSearchParams(body)));
  return answer.kind === 'page'
    ? ending(answer.status, { 'content-type': 'text/html; charset=utf-8' }, answer.html)
    : ending(303, { location: answer.to }, '');
}

function answerOf(page: () => PageAnswer): PageAnswer {
  try {
    return page();
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const html = pageHtml('This cannot be done', `<p role="alert">${error.message}</p>`);
    return { kind: 'page', status: error.status, html };
  }
}

function ending(status: number, headers: Record<string, string>, body: string): Ending {
  return { kind: 'answer', answer: { status, headers, body } };
}
