import type { OfferedTerms } from '@tollwright/contracts';
import { formatNanoUsdExact, formatQuantityExact } from '@tollwright/ui';

type RateCard = OfferedTerms['rateCards'][number];

/** What units of a meter cost, in words; null for fees and prices by model. */
export function unitPriceText(card: RateCard): string | null {
  const { price, includedUnits } = card;
  if (price.kind === 'flat' || price.kind === 'per-model-token') return null;
  const units = price.meter.replaceAll('_', ' ');
  const parts = [priceText(price, units)];
  if (includedUnits !== undefined) parts.push(`the first ${formatQuantityExact(includedUnits)} a month are included`);
  return [...parts, ...discountTexts(card)].join('; ');
}

/** What comes off a card's price, in words; none for most. */
export function discountTexts({ percentOff, amountOffNanoUsd }: RateCard): readonly string[] {
  return [
    ...(percentOff === undefined ? [] : [`${percentOff} % off`]),
    ...(amountOffNanoUsd === undefined ? [] : [`${formatNanoUsdExact(amountOffNanoUsd)} USD a month off`]),
  ];
}

type UnitPrice = Exclude<RateCard['price'], { readonly kind: 'flat' | 'per-model-token' }>;

function priceText(price: UnitPrice, units: string): string {
  switch (price.kind) {
    case 'per-unit':
      return `${price.usdPerUnit} USD for each of ${units}`;
    case 'package':
      return `${price.usdPerPackage} USD for every ${formatQuantityExact(price.units)} ${units} begun`;
    case 'volume':
      return `all ${units} of a month at one price, of how many they are: ${price.tiers.map((tier) => volumeText(tier)).join(', ')}`;
    case 'graduated':
      return price.tiers.map((tier, index) => tierText(tier, index === 0 ? units : null)).join(', ');
  }
}

/** `up to 1,000 0.02 USD each and 5 USD once` */
function volumeText({ upTo, usdPerUnit, flatUsd }: Tier): string {
  const many = upTo === null ? 'for more' : `up to ${formatQuantityExact(upTo)}`;
  return `${many} ${usdPerUnit} USD each${flatUsd === '0' ? '' : ` and ${flatUsd} USD once`}`;
}

type Tier = Extract<UnitPrice, { readonly kind: 'graduated' }>['tiers'][number];

/** `up to 1,000 requests a month 0.02 USD each and 5 USD once`; the first tier says of what. */
function tierText({ upTo, usdPerUnit, flatUsd }: Tier, units: string | null): string {
  const named = units === null ? '' : ` ${units} a month`;
  const until =
    upTo === null ? (units === null ? 'then' : `all${named}`) : `up to ${formatQuantityExact(upTo)}${named}`;
  return `${until} ${usdPerUnit} USD each${flatUsd === '0' ? '' : ` and ${flatUsd} USD once`}`;
}
