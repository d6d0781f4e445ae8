import { invalidRequest } from '../../errors.ts';
import { readable } from '../../params/kinds.ts';
import type { World } from '../../world.ts';
import type { PaymentIntent } from '../payment-intents/payment-intent.ts';
import type { DeactivatedReason, GrantedToken } from './granted-token.ts';

const busy = new Set(['processing', 'requires_action', 'requires_capture', 'succeeded']);

/**
 * Checks that a token pays for an amount: known, active, within its limits, and of no other payment that is done or under way.
 * Throws 400. Stripe publishes no error codes for these refusals, so there are none.
 */
export function requireUsable(
  world: World,
  id: string,
  payment: { intent: string | null; amount: number; currency: string },
) {
  const param = 'shared_payment_granted_token';
  const token = world.grantedTokens.get(id, param);
  const { currency, expires_at, max_amount } = token.usage_limits;
  const refuse = (why: string) => invalidRequest(`The shared payment token '${id}' ${why}.`, { param });
  if (token.deactivated_reason === null && expires_at <= world.clock.now()) deactivate(world, token, 'expired');
  if (token.deactivated_reason !== null) throw refuse(`has been deactivated (${token.deactivated_reason})`);
  if (payment.currency !== currency) throw refuse(`is for ${currency}, not for ${payment.currency}`);
  if (payment.amount > max_amount) {
    throw refuse(`allows ${readable(max_amount, currency)}, not ${readable(payment.amount, currency)}`);
  }
  for (const [other, used] of world.tokensOfIntents) {
    if (used !== id || other === payment.intent) continue;
    const { status } = world.paymentIntents.get(other);
    if (busy.has(status)) throw refuse(`is in use by ${other}`);
  }
}

/** A payment came through: the token is spent, whatever of its limit is left. */
export function consumeToken(world: World, intent: PaymentIntent): void {
  const id = world.tokensOfIntents.get(intent.id);
  if (id === undefined) return;
  const token = world.grantedTokens.get(id);
  token.usage_details.amount_captured.value += intent.amount_received;
  world.events.emit('shared_payment.granted_token.used', token);
  deactivate(world, token, 'consumed');
}

/** Ends a token for good; nothing happens when it has ended already. */
export function deactivate(world: World, token: GrantedToken, reason: DeactivatedReason): void {
  if (token.deactivated_reason !== null) return;
  token.deactivated_at = world.clock.now();
  token.deactivated_reason = reason;
  world.events.emit('shared_payment.granted_token.deactivated', token);
}
