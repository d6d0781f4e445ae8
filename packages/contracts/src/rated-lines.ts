import { lineAmounts, NANO_USD_MAX, type Rated, ZERO_USD } from '@tollwright/core';
import type { RatedEventLine } from './usage-event.ts';

const NO_LINES: RatedEventLine[] = [];

/** The parts of a price as an event carries them; none of an amount or a quantity that no counter holds, which is cut elsewhere. */
export function ratedLines(rated: Rated): RatedEventLine[] {
  if (rated.lines.length === 0 || rated.amountNanoUsd > NANO_USD_MAX) return NO_LINES;
  if (rated.lines.some(({ quantity }) => quantity > NANO_USD_MAX)) return NO_LINES;
  const amounts = lineAmounts(rated);
  return rated.lines.map(({ rateCardKey, meter, model, quantity }, index) => ({
    ...{ rateCardKey, meter, quantity, amountNanoUsd: amounts[index] ?? ZERO_USD },
    ...(model === null ? {} : { model }),
  }));
}
