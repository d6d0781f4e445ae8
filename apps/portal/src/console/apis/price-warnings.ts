import { CLIENT_CAPS, formatUsd, nanoUsd, STRIPE_MINIMUM_NANO_USD } from '@tollwright/core';

/** What a price for strangers keeps common clients, or rails, from. */
export function priceWarnings(priceNanoUsd: string | null): readonly string[] {
  const price = nanoUsd(BigInt(priceNanoUsd ?? '0'));
  if (price === 0n) return [];
  const capped = CLIENT_CAPS.filter(({ capNanoUsd }) => price > capNanoUsd).map(
    ({ clients, capNanoUsd }) =>
      `Most clients of ${clients} refuse more than ${formatUsd(capNanoUsd)} USD a call unless their owner raises it.`,
  );
  return price < STRIPE_MINIMUM_NANO_USD
    ? [...capped, `Cards are not offered: Stripe takes no less than ${formatUsd(STRIPE_MINIMUM_NANO_USD)} USD.`]
    : capped;
}
