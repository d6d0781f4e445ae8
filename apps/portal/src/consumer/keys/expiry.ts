const DAY_MS = 86_400_000;

/** The moment in so many days as ISO text; null when no number of days was chosen. */
export function expiryOf(days: string, nowMs: number): string | null {
  return /^[1-9]\d{0,3}$/.test(days) ? new Date(nowMs + Number(days) * DAY_MS).toISOString() : null;
}
