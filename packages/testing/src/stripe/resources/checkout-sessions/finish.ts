import { invalidRequest } from '../../errors.ts';
import type { World } from '../../world.ts';
import type { CheckoutSession } from './checkout-session.ts';

/** Ends an open session unpaid. */
export function expireSession(world: World, session: CheckoutSession): CheckoutSession {
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
    );
  }
  session.status = 'expired';
  session.url = null;
  world.events.emit('checkout.session.expired', session);
  return session;
}

/** Follows the intents of sessions, however they come to an end: by the session's page, by a bank, or by the control plane. */
export function watchIntents(world: World): void {
  world.events.listen(({ type, data }) => {
    const { id } = data.object as { id: string };
    if (type.startsWith('payment_intent.')) {
      const session = sessionOf(world, 'payment_intent', id);
      if (session !== undefined) followPayment(world, session, type.slice('payment_intent.'.length));
    }
    if (type === 'setup_intent.succeeded') {
      const session = sessionOf(world, 'setup_intent', id);
      if (session?.status === 'open') complete(world, session);
    }
  });
}

function sessionOf(world: World, name: 'payment_intent' | 'setup_intent', id: string): CheckoutSession | undefined {
  return world.checkoutSessions.newestFirst().find((session) => session[name] === id);
}

function followPayment(world: World, session: CheckoutSession, what: string): void {
  if (session.status === 'open') {
    if (what === 'succeeded') session.payment_status = 'paid';
    if (what === 'succeeded' || what === 'processing') complete(world, session);
    return;
  }
  if (session.status !== 'complete' || session.payment_status !== 'unpaid') return;
  if (what === 'succeeded') {
    session.payment_status = 'paid';
    world.events.emit('checkout.session.async_payment_succeeded', session);
  }
  if (what === 'payment_failed') world.events.emit('checkout.session.async_payment_failed', session);
}

function complete(world: World, session: CheckoutSession): void {
  session.status = 'complete';
  session.url = null;
  world.events.emit('checkout.session.completed', session);
}
