import type { VolumeDiscount } from '@tollwright/contracts';
import { formatUsd, nanoUsd } from '@tollwright/core';

/** Who has volume discounts, and what counts for them. */
export const DISCOUNTED_ARE =
  'Volume discounts are for the customer of an API key and for wallets that sign in; all paid calls of the API count.';

/** A rule as people read it, a phrase a tier: `10 % off from the 101st call of a month`. */
export function tierWords({ period, tiers }: VolumeDiscount): readonly string[] {
  return tiers.map((tier) => {
    const from =
      tier.measure === 'calls'
        ? `from the ${ordinal(tier.from + 1)} call of a ${period}`
        : `once ${formatUsd(nanoUsd(tier.fromNanoUsd))} USD are paid in a ${period}`;
    return `${tier.percentOff} % off ${from}`;
  });
}

const RULES = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

function ordinal(count: number): string {
  return `${count.toLocaleString('en')}${ENDINGS[RULES.select(count)] ?? 'th'}`;
}
