import type { BatcherClock } from '../batcher-clock.ts';

/** A clock that jumps to the next thing to do, so that a schedule of minutes runs in microseconds and always the same way. */
export class VirtualClock implements BatcherClock {
  private atMs = 0;
  private next = 0;
  private readonly due: { atMs: number; order: number; run: () => void }[] = [];

  nowMs(): number {
    return this.atMs;
  }

  soon(run: () => void): void {
    this.later(0, run);
  }

  later(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.atMs + delayMs, order: this.next++, run };
    this.due.push(entry);
    return () => {
      const index = this.due.indexOf(entry);
      if (index >= 0) this.due.splice(index, 1);
    };
  }

  /** Runs until nothing is left to do. Throws when that is not within `untilMs` of virtual time. */
  async run(untilMs: number): Promise<void> {
    await settled();
    while (this.due.length > 0) {
      const entry = this.due.reduce((a, b) => (b.atMs < a.atMs || (b.atMs === a.atMs && b.order < a.order) ? b : a));
      this.due.splice(this.due.indexOf(entry), 1);
      if (entry.atMs > untilMs) throw new Error(`still busy after ${untilMs} ms`);
      this.atMs = entry.atMs;
      entry.run();
      await settled();
    }
  }
}

/** Lets every promise that can go on do so. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
