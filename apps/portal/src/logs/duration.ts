/** A duration with its unit: a decimal below 10 ms. */
export function tookMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
