import type { BatcherClock } from '../batcher-clock.ts';
import { type CounterStore, StateUnavailable } from '../port.ts';
import type { ModelStore } from './model-store.ts';

/** What becomes of one transmission. */
export interface Fate {
  /** `late`: the sender gives up first, and the store applies it afterwards. */
  readonly kind: 'delivered' | 'request-lost' | 'reply-lost' | 'late' | 'twice';
  readonly delayMs: number;
}

/** Carries batches and closings to the store as the fates say, one fate a transmission; afterwards everything is delivered. */
export function lossyNetwork(store: ModelStore, clock: BatcherClock, fates: Iterator<Fate>): CounterStore {
  const carry = <Reply>(apply: () => Reply): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const { kind, delayMs }: Fate = fates.next().value ?? { kind: 'delivered', delayMs: 1 };
      const fail = () => reject(new StateUnavailable('no answer'));
      switch (kind) {
        case 'delivered':
          clock.later(delayMs, () => resolve(apply()));
          return;
        case 'request-lost':
          clock.later(delayMs, fail);
          return;
        case 'reply-lost':
          clock.later(delayMs, () => {
            apply();
            fail();
          });
          return;
        case 'late':
          clock.later(delayMs, fail);
          clock.later(delayMs * 3 + 1, apply);
          return;
        case 'twice':
          clock.later(delayMs, () => resolve(apply()));
          clock.later(delayMs * 2 + 1, apply);
          return;
      }
    });
  return {
    batch: (seat, items) => carry(() => store.batch(seat, items)),
    closeSeat: (seat) => carry(() => store.closeSeat(seat)),
    read: () => Promise.reject(new Error('the simulation reads the model itself')),
    readWindows: () => Promise.reject(new Error('the simulation reads the model itself')),
    holds: () => Promise.reject(new Error('the simulation reads the model itself')),
  };
}
