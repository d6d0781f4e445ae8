/** An exact fraction with a positive denominator. Rating stays in fractions until its one rounding. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };

export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator <= 0n) throw new RangeError('a denominator must be positive');
  return { numerator, denominator };
}

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,12}))?$/;

/** Reads a non-negative decimal such as `2.5` exactly. Throws RangeError on signs, exponents, more than 12 decimals. */
export function parseDecimal(text: string): Rational {
  const match = DECIMAL.exec(text.trim());
  if (!match) throw new RangeError(`not a non-negative decimal with at most 12 decimals: ${JSON.stringify(text)}`);
  const fraction = match[2] ?? '';
  return { numerator: BigInt(`${match[1]}${fraction}`), denominator: 10n ** BigInt(fraction.length) };
}

export function add(a: Rational, b: Rational): Rational {
  if (a.denominator === b.denominator) return { numerator: a.numerator + b.numerator, denominator: a.denominator };
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

export function multiply(a: Rational, b: Rational): Rational {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, { numerator: -b.numerator, denominator: b.denominator });
}

/** Below zero, zero or above, as a is less than, equal to or more than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Rounds towards positive infinity: in favour of who is paid. */
export function ceil(value: Rational): bigint {
  const quotient = value.numerator / value.denominator;
  return value.numerator > 0n && value.numerator % value.denominator !== 0n ? quotient + 1n : quotient;
}

/** Rounds towards negative infinity: in favour of who pays. For non-negative values. */
export function floor(value: Rational): bigint {
  return value.numerator / value.denominator;
}

/** Writes a non-negative fraction without rounding, such as `12.5`. Throws RangeError for one that no decimal equals. */
export function formatDecimal({ numerator, denominator }: Rational): string {
  const whole = numerator / denominator;
  let rest = numerator % denominator;
  let digits = '';
  while (rest !== 0n) {
    if (digits.length >= FORMATTED_DECIMALS_MAX) throw new RangeError('a fraction has no short decimal');
    rest *= 10n;
    digits += rest / denominator;
    rest %= denominator;
  }
  return digits === '' ? whole.toString() : `${whole}.${digits}`;
}

const FORMATTED_DECIMALS_MAX = 30;
