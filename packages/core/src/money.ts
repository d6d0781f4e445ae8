/** Money in billionths of a US dollar. 1 USD = 1_000_000_000n. Never a float; JSON carries it as a decimal string. */
export type NanoUsd = bigint & { readonly unit: 'nano-usd' };

export const NANO_USD_PER_USD = 1_000_000_000n;
/** Nano-dollars in a cent. */
export const NANO_USD_PER_CENT = 10_000_000n;

/** The largest amount a counter may hold: 9 million USD. Above it Lua and JSON readers lose equality. Source: docs/adr/0005. */
export const NANO_USD_MAX = 9_000_000_000_000_000n as NanoUsd;

export const ZERO_USD = 0n as NanoUsd;

/** Brands a bigint that is already in nano-dollars. May be negative (ledger postings are signed). */
export function nanoUsd(value: bigint): NanoUsd {
  return value as NanoUsd;
}

const USD = /^(-?)(\d{1,7})(?:\.(\d{1,9}))?$/;

/** Reads a decimal amount of dollars such as `0.01`, at most 9 decimals. Throws RangeError on anything else. */
export function parseUsd(text: string): NanoUsd {
  const match = USD.exec(text.trim());
  if (!match) throw new RangeError(`not an amount in USD with at most 9 decimals: ${JSON.stringify(text)}`);
  const whole = BigInt(match[2] ?? '0') * NANO_USD_PER_USD;
  const fraction = BigInt((match[3] ?? '').padEnd(9, '0'));
  return nanoUsd(match[1] === '-' ? -(whole + fraction) : whole + fraction);
}

/** Writes the exact amount in dollars without trailing zeros beyond `decimalsMin` (default 2): `0.01`, `0.000075`, `1284.10`. */
export function formatUsd(amount: NanoUsd, decimalsMin = 2): string {
  const absolute = amount < 0n ? -amount : amount;
  const fraction = (absolute % NANO_USD_PER_USD)
    .toString()
    .padStart(9, '0')
    .replace(/0+$/, '')
    .padEnd(decimalsMin, '0');
  return `${amount < 0n ? '-' : ''}${absolute / NANO_USD_PER_USD}${fraction ? `.${fraction}` : ''}`;
}

export function sumUsd(amounts: Iterable<NanoUsd>): NanoUsd {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return nanoUsd(total);
}

export function minUsd(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a < b ? a : b;
}
