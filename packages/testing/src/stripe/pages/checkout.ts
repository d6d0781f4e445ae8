import { StripeError } from '../errors.ts';
import { readable } from '../params/kinds.ts';
import type { CheckoutSession } from '../resources/checkout-sessions/checkout-session.ts';
import { submitSession } from '../resources/checkout-sessions/submit.ts';
import type { World } from '../world.ts';
import { escaped, pageHtml } from './html.ts';
import type { PageAnswer } from './pages.ts';

/** The test methods that the page offers, with what a person reads. */
const offered = {
  card: {
    pm_card_visa: 'Visa 4242 (accepted)',
    pm_card_chargeDeclined: 'Visa 0002 (declined)',
    pm_card_chargeDeclinedInsufficientFunds: 'Visa 9995 (insufficient funds)',
    pm_card_authenticationRequired: 'Visa 3184 (asks for authentication)',
  },
  us_bank_account: {
    pm_usBankAccount_success: 'Bank account 6789 (takes a while)',
    pm_usBankAccount_insufficientFunds: 'Bank account 2227 (fails after a while)',
  },
} as const;

/** `GET /pay/{id}`: the page on which a person pays a session. */
export function checkoutPage(world: World, id: string): PageAnswer {
  const session = world.checkoutSessions.get(id);
  if (session.status === 'complete') return { kind: 'redirect', to: successOf(session) };
  return render(session, session.status === 'expired' ? 'This page has expired.' : null);
}

/** `POST /pay/{id}`: the button. A decline shows the page again with 402. */
export function submitCheckout(world: World, id: string, form: URLSearchParams): PageAnswer {
  const session = world.checkoutSessions.get(id);
  const given = (name: string) => form.get(name) || null;
  const submission = { email: given('email'), name: given('name'), country: given('country') };
  try {
    submitSession(world, session, { method: given('method') ?? 'pm_card_visa', ...submission });
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    return render(session, error.message, error.status);
  }
  return checkoutReturn(world, id);
}

/** `GET /pay/{id}/return`: where a person comes back to after authenticating. */
export function checkoutReturn(world: World, id: string): PageAnswer {
  const session = world.checkoutSessions.get(id);
  if (session.status === 'complete') return { kind: 'redirect', to: successOf(session) };
  const pending = intentsOf(world, session).find((intent) => intent.status === 'requires_action');
  if (pending !== undefined) return { kind: 'redirect', to: `${world.baseUrl}/authenticate/${pending.id}` };
  const failed = session.payment_intent === null ? null : world.paymentIntents.get(session.payment_intent);
  return render(session, failed?.last_payment_error?.message ?? 'This was not completed.', 402);
}

function intentsOf(world: World, { payment_intent, setup_intent }: CheckoutSession) {
  return [
    ...(payment_intent === null ? [] : [world.paymentIntents.get(payment_intent)]),
    ...(setup_intent === null ? [] : [world.setupIntents.get(setup_intent)]),
  ];
}

function successOf(session: CheckoutSession): string {
  return (session.success_url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
}

function render(session: CheckoutSession, alert: string | null, status = 200): PageAnswer {
  const price = session.amount_total === null ? '' : readable(session.amount_total, session.currency ?? 'usd');
  const title = session.mode === 'setup' ? 'Save a payment method' : `Pay ${price}`;
  const lines = session.line_items.data.map(
    (line) => `<li>${escaped(line.description)} × ${line.quantity}: ${readable(line.amount_total, line.currency)}</li>`,
  );
  const problem = alert === null ? '' : `<p role="alert">${escaped(alert)}</p>`;
  const html = pageHtml(
    title,
    `${problem}<ul>${lines.join('')}</ul>${session.status === 'open' ? formOf(session) : ''}`,
  );
  return { kind: 'page', status: session.status === 'expired' ? 410 : status, html };
}

function formOf(session: CheckoutSession): string {
  const options = Object.entries(offered)
    .filter(([type]) => session.payment_method_types.includes(type))
    .flatMap(([, methods]) => Object.entries(methods))
    .map(([name, label]) => `<option value="${name}">${escaped(label)}</option>`);
  const cancel = session.cancel_url === null ? '' : `<p><a href="${escaped(session.cancel_url)}">Cancel</a></p>`;
  return `<form method="post" action="/pay/${session.id}">
<label>Email <input name="email" type="email" value="${escaped(session.customer_email ?? '')}"></label>
<label>Name <input name="name" autocomplete="off"></label>
<label>Country <input name="country" maxlength="2" value="US"></label>
<label>Payment method <select name="method">${options.join('')}</select></label>
<button type="submit">${session.mode === 'setup' ? 'Save' : 'Pay'}</button>
</form>${cancel}`;
}
