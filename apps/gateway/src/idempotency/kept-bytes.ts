const WINDOW_MS = 3_600_000;
/** What one customer may have kept by this process in an hour: an answer beyond it is given once, and not again. */
export const KEPT_BYTES_MAX = 16 * 1024 * 1024;

/** Bounds what customers make the state store keep. */
export class KeptBytes {
  readonly #bytes = new Map<string, number>();
  #sinceMs = 0;

  /** Whether so many bytes more may be kept; they count at once. */
  take(customerId: string, bytes: number, nowMs: number): boolean {
    if (nowMs - this.#sinceMs >= WINDOW_MS) {
      this.#bytes.clear();
      this.#sinceMs = nowMs;
    }
    const sum = (this.#bytes.get(customerId) ?? 0) + bytes;
    if (sum > KEPT_BYTES_MAX) return false;
    this.#bytes.set(customerId, sum);
    return true;
  }
}
