/** A whole number as it arrives: JSON carries big ones as decimal strings. */
export type WholeNumber = string | bigint | number;

/** Reads a whole number without a detour through floats. Throws RangeError on fractions and anything else. */
export function parseWhole(value: WholeNumber): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe whole number: ${value}`);
    return BigInt(value);
  }
  if (!/^-?\d+$/.test(value)) throw new RangeError(`not a whole number: ${JSON.stringify(value)}`);
  return BigInt(value);
}

/** Writes the digits in groups of three: `1,284,100`. */
export function groupDigits(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Divides, rounding half away from zero. The divisor is positive. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const absolute = value < 0n ? -value : value;
  const rounded = (absolute * 2n + divisor) / (divisor * 2n);
  return value < 0n ? -rounded : rounded;
}

/** The share of a whole in hundredths of a percent, capped to what fits a float exactly. A whole of zero has no shares. */
export function basisPoints(part: bigint, whole: bigint): number {
  if (whole <= 0n) return 0;
  const points = divideRounded(part * 10_000n, whole);
  return Number(points > 1_000_000_000n ? 1_000_000_000n : points);
}

/** A width for drawing, and only for drawing: precision beyond 1 in 10,000 is invisible. */
export function toDrawn(value: bigint): number {
  return Number(value);
}
