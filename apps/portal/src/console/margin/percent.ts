/** Hundredths of a percent as people read them, to one decimal and never looking better than they are; null has no share. */
export function percentOf(basisPoints: number | null): string {
  if (basisPoints === null) return '–';
  const tenths = Math.floor(basisPoints / 10);
  const whole = Math.trunc(Math.abs(tenths) / 10).toLocaleString('en-US');
  return `${tenths < 0 ? '−' : ''}${whole}.${Math.abs(tenths) % 10} %`;
}
