import type { NodeRefusal } from '../policy.ts';
import type { Tariff } from '../tariff.ts';
import { type WorstCase, withOutputCap } from './bound.ts';

/**
 * The same call, its injected output cap lowered to what a refusing node can still afford; null when the caller named
 * a cap, or not even `outputTokensMin` tokens fit. `amountOf` tells what a worst case asks of that node.
 */
export function affordableCap(
  tariff: Tariff,
  worst: WorstCase,
  { node }: NodeRefusal,
  amountOf: (worst: WorstCase) => bigint,
  outputTokensMin: number,
): WorstCase | null {
  const remaining = node.limit - node.spent - node.held;
  return capWithin(tariff, worst, { remaining, amountOf, outputTokensMin });
}

/** The same for any limit of which so much remains. */
export function capWithin(
  tariff: Tariff,
  worst: WorstCase,
  limit: {
    readonly remaining: bigint;
    readonly amountOf: (worst: WorstCase) => bigint;
    readonly outputTokensMin: number;
  },
): WorstCase | null {
  const { remaining, amountOf, outputTokensMin } = limit;
  if (worst.cap === null || worst.cap.own) return null;
  const fits = (tokens: number) => amountOf(withOutputCap(tariff, worst, tokens)) <= remaining;
  if (worst.cap.tokensPerChoice <= outputTokensMin || !fits(outputTokensMin)) return null;
  let low = outputTokensMin;
  let high = worst.cap.tokensPerChoice - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return withOutputCap(tariff, worst, low);
}
