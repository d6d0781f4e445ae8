/** What the batcher knows of time. Injected, so that a simulation can drive it. */
export interface BatcherClock {
  /** Milliseconds of a clock that never goes back. Only differences are used. */
  nowMs(): number;
  /** Runs after the calls that are ready now had their turn. */
  soon(run: () => void): void;
  /** Runs once after `delayMs`. Answers how to cancel it. */
  later(delayMs: number, run: () => void): () => void;
}

/** The process's own clock and event loop. */
export const systemClock: BatcherClock = {
  nowMs: () => performance.now(),
  soon: (run) => {
    setImmediate(run);
  },
  later: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
