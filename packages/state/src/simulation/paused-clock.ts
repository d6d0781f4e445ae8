import type { BatcherClock } from '../batcher-clock.ts';
import type { CounterStore } from '../port.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A process's view of the clock: while it is paused nothing of its own runs, and the world goes on. */
export class PausedClock implements BatcherClock {
  private readonly world: VirtualClock;
  private pausedUntilMs = 0;

  constructor(world: VirtualClock) {
    this.world = world;
  }

  pause(forMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.world.nowMs() + forMs);
  }

  nowMs(): number {
    return this.world.nowMs();
  }

  soon(run: () => void): void {
    this.later(0, run);
  }

  later(delayMs: number, run: () => void): () => void {
    let cancelled = false;
    const fire = () => {
      if (cancelled) return;
      const leftMs = this.pausedUntilMs - this.world.nowMs();
      if (leftMs > 0) this.world.later(leftMs, fire);
      else run();
    };
    const cancel = this.world.later(delayMs, fire);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  /** Replies reach a paused process when it wakes. */
  hears(network: CounterStore): CounterStore {
    const awake = () => new Promise<void>((resolve) => this.later(0, resolve));
    const heard = <Reply>(reply: Promise<Reply>) =>
      reply.finally(() => (this.pausedUntilMs > this.world.nowMs() ? awake() : undefined));
    return {
      ...network,
      batch: (seat, items) => heard(network.batch(seat, items)),
      closeSeat: (seat) => heard(network.closeSeat(seat)),
    };
  }
}
