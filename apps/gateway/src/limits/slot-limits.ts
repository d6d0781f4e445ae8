import type { SlotTake } from '@tollwright/policies';

/** Places among running calls that this process keeps by itself: its share of what all processes may run. */
export class SlotLimits {
  readonly #running = new Map<string, number>();
  processes = 1;

  /** Answers how to leave, which does something once; null when no place is free. */
  enter({ key, limit }: SlotTake): (() => void) | null {
    const running = this.#running.get(key) ?? 0;
    if (running + 1 > Math.max(1, Math.floor(limit / this.processes))) return null;
    this.#running.set(key, running + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (this.#running.get(key) ?? 1) - 1;
      if (now > 0) this.#running.set(key, now);
      else this.#running.delete(key);
    };
  }
}
