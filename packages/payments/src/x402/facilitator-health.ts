const failuresMax = 3;
const restMsFirst = 1_000;
const restMsLongest = 30_000;

/**
 * Whether a facilitator is worth asking. After three answers in a row that did not come it rests, first for a second, each time
 * for twice as long; then one request may probe it, and its answer decides for all.
 */
export class FacilitatorHealth {
  #failures = 0;
  #restsUntilMs = 0;
  #isProbed = false;

  /** Whether it is not to be asked now. */
  rests(nowMs: number): boolean {
    return this.#failures >= failuresMax && (nowMs < this.#restsUntilMs || this.#isProbed);
  }

  /** Takes the right to ask now; false: it rests. Who has it says `ended` once. */
  admits(nowMs: number): boolean {
    if (this.rests(nowMs)) return false;
    this.#isProbed = this.#failures >= failuresMax;
    return true;
  }

  /** How an attempt ended: `answered` whatever the verdict was. */
  ended(answered: boolean, nowMs: number): void {
    this.#isProbed = false;
    if (answered) {
      this.#failures = 0;
      return;
    }
    // What was under way when its rest began says nothing that is not known.
    if (this.#failures >= failuresMax && nowMs < this.#restsUntilMs) return;
    this.#failures += 1;
    const doublings = this.#failures - failuresMax;
    if (doublings >= 0) this.#restsUntilMs = nowMs + Math.min(restMsFirst * 2 ** doublings, restMsLongest);
  }
}
