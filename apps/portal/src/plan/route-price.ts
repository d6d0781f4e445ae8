import type { OfferedTerms } from '@tollwright/contracts';

type RateCard = OfferedTerms['rateCards'][number];

/** What a call of a route costs under a plan, in words: only prices on meters that measure the route apply. */
export function routePriceText(rateCards: readonly RateCard[], meters: readonly string[]): string {
  const measured = new Set(meters);
  const parts: string[] = [];
  let byTokens = false;
  for (const { price } of rateCards) {
    if (price.kind === 'flat' || !measured.has(price.meter)) continue;
    if (price.kind === 'per-unit')
      parts.push(`${price.usdPerUnit} USD for each of ${price.meter.replaceAll('_', ' ')}`);
    else byTokens = true;
  }
  if (byTokens) parts.push('by tokens and model');
  return parts.length === 0 ? 'no charge' : parts.join(' + ');
}
