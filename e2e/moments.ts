/** Waits, if it must, until a period in UTC has so many seconds left, so that no border comes between calls. */
export async function roomIn(periodSeconds: number, neededSeconds: number): Promise<void> {
  const periodMs = periodSeconds * 1_000;
  const leftMs = periodMs - (Date.now() % periodMs);
  if (leftMs < neededSeconds * 1_000) await pause(leftMs + 50);
}

/** The same of a month in UTC. */
export async function roomInMonth(neededSeconds: number): Promise<void> {
  const now = new Date();
  const leftMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime();
  if (leftMs < neededSeconds * 1_000) await pause(leftMs + 50);
}

/** Waits as long as a refusal asks for. */
export function untilRetry(refusal: Response): Promise<void> {
  return pause(Number(refusal.headers.get('retry-after')) * 1_000);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

export const MINUTE_SECONDS = 60;
export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 86_400;
