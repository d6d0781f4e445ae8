/** Something with a moment at which it must end. Infinity while none is set. */
export interface Timed {
  readonly dueAtMs: number;
  expire(): void;
}

const SWEEP_MS = 50;

/** Watches all running exchanges with one timer: a deadline costs a number, and fires at most 50 ms late. */
export class Deadlines {
  readonly #running = new Set<Timed>();
  #timer: NodeJS.Timeout | undefined;

  add(timed: Timed): void {
    this.#running.add(timed);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS);
  }

  delete(timed: Timed): void {
    this.#running.delete(timed);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running.clear();
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const timed of this.#running) if (nowMs >= timed.dueAtMs) timed.expire();
    if (this.#running.size === 0) this.close();
  }
}
