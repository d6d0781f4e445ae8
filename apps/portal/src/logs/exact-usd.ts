const DECIMALS = 9;
const DECIMALS_MIN = 2;

/** Dollars with every digit they have, of nano-dollars that may have decimals: `0.00004995`. */
export function exactUsd(nanoUsd: string): string {
  const [whole = '0', fraction = ''] = nanoUsd.split('.');
  const digits = whole.padStart(DECIMALS + 1, '0');
  const decimals = `${digits.slice(-DECIMALS)}${fraction}`.replace(/0+$/, '').padEnd(DECIMALS_MIN, '0');
  return `${digits.slice(0, -DECIMALS).replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals}`;
}
