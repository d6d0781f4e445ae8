import type { NextAction } from '../resources/payment-intents/next-action.ts';
import { authenticateIntent } from '../resources/payment-intents/settle.ts';
import { authenticateSetup } from '../resources/setup-intents/confirm.ts';
import type { World } from '../world.ts';
import { pageHtml } from './html.ts';
import type { PageAnswer } from './pages.ts';

/** `GET /authenticate/{id}`: the bank's page of 3-D Secure, for payment and setup intents. */
export function authenticationPage(world: World, id: string): PageAnswer {
  const { status } = intentOf(world, id);
  const form = `<form method="post" action="/authenticate/${id}">
<button name="result" value="passed">Complete authentication</button>
<button name="result" value="failed">Fail authentication</button>
</form>`;
  const done = '<p role="alert">There is nothing to authenticate.</p>';
  return { kind: 'page', status: 200, html: pageHtml('Your bank asks', status === 'requires_action' ? form : done) };
}

/** `POST /authenticate/{id}`: what the person decided; then back to where they came from. */
export function submitAuthentication(world: World, id: string, form: URLSearchParams): PageAnswer {
  const returnUrl = returnUrlOf(intentOf(world, id).next_action);
  authenticate(world, id, form.get('result') === 'passed');
  if (returnUrl !== null) return { kind: 'redirect', to: returnUrl };
  return { kind: 'page', status: 200, html: pageHtml('Your bank asks', '<p>You can close this page.</p>') };
}

/** Ends the authentication that an intent waits for. */
export function authenticate(world: World, id: string, passed: boolean): object {
  const payment = world.paymentIntents.find(id);
  if (payment === undefined) authenticateSetup(world, world.setupIntents.get(id), passed);
  else authenticateIntent(world, payment, passed);
  return intentOf(world, id);
}

function intentOf(world: World, id: string) {
  return world.paymentIntents.find(id) ?? world.setupIntents.get(id);
}

function returnUrlOf(action: NextAction | null): string | null {
  return action?.type === 'redirect_to_url' ? action.redirect_to_url.return_url : null;
}
