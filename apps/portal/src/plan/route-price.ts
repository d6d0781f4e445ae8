import type { OfferedTerms } from '@tollwright/contracts';
import { unitPriceText } from './unit-price-text.ts';

type RateCard = OfferedTerms['rateCards'][number];

/** What a call of a route costs under a plan, in words: only prices on meters that measure the route apply. */
export function routePriceText(rateCards: readonly RateCard[], meters: readonly string[]): string {
  const measured = new Set(meters);
  const parts: string[] = [];
  let byTokens = false;
  for (const card of rateCards) {
    if (card.price.kind === 'flat' || !measured.has(card.price.meter)) continue;
    const text = unitPriceText(card);
    if (text === null) byTokens = true;
    else parts.push(text);
  }
  if (byTokens) parts.push('by tokens and model');
  return parts.length === 0 ? 'no charge' : parts.join(' + ');
}
