import { newId } from '../../ids.ts';
import type { World } from '../../world.ts';

/** What the payer has to do: be sent to a page, or leave it to Stripe's script. */
export type NextAction =
  | { type: 'redirect_to_url'; redirect_to_url: { return_url: string | null; url: string } }
  | { type: 'use_stripe_sdk'; use_stripe_sdk: { type: string; stripe_js: string; source: string } };

/** The authentication that an intent asks for; without a place to return to it is the script's. */
export function nextActionOf(world: World, intentId: string, returnUrl: string | null): NextAction {
  const url = `${world.baseUrl}/authenticate/${intentId}`;
  if (returnUrl !== null) return { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
  return {
    type: 'use_stripe_sdk',
    use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url, source: newId('src') },
  };
}
