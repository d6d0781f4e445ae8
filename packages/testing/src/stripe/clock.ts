type Due = { atMs: number; run: () => void };

/** The double's clock: that of the outside plus what it was advanced by. What is scheduled runs in the order of time. */
export class Clock {
  readonly #outsideMs: () => number;
  #offsetMs = 0;
  #due: Due[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(outsideMs: () => number = Date.now) {
    this.#outsideMs = outsideMs;
  }

  nowMs(): number {
    return this.#outsideMs() + this.#offsetMs;
  }

  /** Seconds since 1970, as the API has them. */
  now(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  /** What a watch outside shows: signatures are checked against it. */
  outside(): number {
    return Math.floor(this.#outsideMs() / 1000);
  }

  /** Runs something once the clock has reached a moment; never before this call has returned. */
  at(atMs: number, run: () => void): void {
    this.#due.push({ atMs, run });
    this.#due.sort((a, b) => a.atMs - b.atMs);
    this.#wind();
  }

  /** Moves the clock forward and runs what has become due. */
  advance(ms: number): void {
    this.#offsetMs += ms;
    this.runDue();
  }

  runDue(): void {
    for (let next = this.#due[0]; next !== undefined && next.atMs <= this.nowMs(); next = this.#due[0]) {
      this.#due.shift();
      next.run();
    }
    this.#wind();
  }

  /** Forgets what was scheduled. */
  stop(): void {
    this.#due = [];
    clearTimeout(this.#timer);
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const next = this.#due[0];
    if (next === undefined) return;
    const waitMs = Math.min(Math.max(next.atMs - this.nowMs(), 0), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.runDue(), waitMs);
    this.#timer.unref();
  }
}
