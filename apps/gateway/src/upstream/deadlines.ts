/** Something with a moment at which it must end. Infinity while none is set. */
export interface Timed {
  readonly dueAtMs: number;
  /** Where `Deadlines` keeps it; nobody else's. */
  place: number;
  expire(): void;
}

const SWEEP_MS = 50;

/**
 * Watches all running exchanges with one timer: a deadline costs a number, and fires at most 50 ms late.
 * An array, not a Set: a Set that is added to and deleted from grows into one table after another, each of which refers
 * to the next, so that once the first is old the young collection keeps every exchange, with all of its call.
 */
export class Deadlines {
  readonly #running: Timed[] = [];
  #timer: NodeJS.Timeout | undefined;

  add(timed: Timed): void {
    timed.place = this.#running.push(timed) - 1;
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS);
  }

  delete(timed: Timed): void {
    if (this.#running[timed.place] !== timed) return;
    const last = this.#running.pop();
    if (last === undefined || last === timed) return;
    last.place = timed.place;
    this.#running[last.place] = last;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running.length = 0;
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const timed of [...this.#running]) if (nowMs >= timed.dueAtMs) timed.expire();
    if (this.#running.length === 0) this.close();
  }
}
