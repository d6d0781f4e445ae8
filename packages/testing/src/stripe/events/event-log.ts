import type { Clock } from '../clock.ts';
import { Table } from '../table.ts';
import { type Cause, eventOf, type StripeEvent } from './event.ts';

const nobody: Cause = { id: null, idempotency_key: null };

/** Keeps what happened and tells it to whoever listens, in the order in which it happened. */
export class EventLog {
  readonly table = new Table<StripeEvent>('event');
  readonly #clock: Clock;
  readonly #listeners: ((event: StripeEvent) => void)[] = [];
  #cause = nobody;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(listener: (event: StripeEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(type: string, object: object, previous: object | null = null): StripeEvent {
    const event = this.table.insert(eventOf(this.#clock.now(), type, object, previous, this.#cause));
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** Runs something whose events name the request that asked for it. It may not wait for anything. */
  during<T>(cause: Cause, act: () => T): T {
    this.#cause = cause;
    try {
      return act();
    } finally {
      this.#cause = nobody;
    }
  }
}
