/** How many traces a subject may have in a moment, and how many a second over time. */
export interface AllowanceOptions {
  readonly burst: number;
  readonly perSecond: number;
  /** Subjects that are kept; the one that asked least recently is forgotten. */
  readonly subjectsMax: number;
}

/** One bucket of tokens for each subject: a flood at one of them takes nothing from the others. */
export class Allowance {
  readonly #options: AllowanceOptions;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** Takes one; false when there is none. `nowMs` is of a clock that never goes back. */
  take(subject: string, nowMs: number): boolean {
    const { burst, perSecond, subjectsMax } = this.#options;
    const known = this.#buckets.get(subject);
    const bucket = known ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = nowMs;
    if (known !== undefined) this.#buckets.delete(subject);
    this.#buckets.set(subject, bucket);
    if (this.#buckets.size > subjectsMax) this.#buckets.delete(this.#buckets.keys().next().value as string);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
