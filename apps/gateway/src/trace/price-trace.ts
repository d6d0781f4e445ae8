import type { PriceTrace } from '@tollwright/contracts';
import { formatDecimal, multiply, NANO_USD_MAX, type Rated, rational } from '@tollwright/core';

/** The most lines that a trace shows of a price. A longer one is not shown, since its lines would not add up. */
const LINES_MAX = 64;

/** Writes down how a price was worked out; null where that is too long, or beyond what a counter holds. */
export function priceTrace({ lines, exactNanoUsd, amountNanoUsd }: Rated): PriceTrace | null {
  if (lines.length > LINES_MAX || amountNanoUsd > NANO_USD_MAX) return null;
  return {
    lines: lines.map((line) => ({
      ...{ rateCard: line.rateCardKey, meter: line.meter, model: line.model, quantity: line.quantity.toString() },
      nanoUsdPerUnit: formatDecimal(multiply(line.exactNanoUsd, rational(1n, line.quantity))),
      nanoUsd: formatDecimal(line.exactNanoUsd),
    })),
    exactNanoUsd: formatDecimal(exactNanoUsd),
    amountNanoUsd: amountNanoUsd.toString(),
  };
}
