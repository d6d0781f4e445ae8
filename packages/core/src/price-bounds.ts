import { type NanoUsd, parseUsd } from './money.ts';

/** Less than half a dollar is charged to no card. Source: Stripe, minimum charge amounts. */
export const STRIPE_MINIMUM_NANO_USD: NanoUsd = parseUsd('0.50');

/** What common clients refuse to pay for one call unless they are told otherwise. Source: x402-fetch 1.2, @x402/core 2.27. */
export const CLIENT_CAPS: readonly { readonly clients: string; readonly capNanoUsd: NanoUsd }[] = [
  { clients: 'x402 version 1', capNanoUsd: parseUsd('0.10') },
  { clients: 'x402 version 2', capNanoUsd: parseUsd('1.00') },
];
