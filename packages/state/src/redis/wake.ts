import type { RedisConnection } from './connection.ts';
import { WAKE_CHANNEL } from './keys.ts';

/** Hears of changes on a connection of its own. */
export interface Wake {
  listen(listener: () => void): Promise<() => Promise<void>>;
  close(): void;
}

/**
 * Connects when the first listener comes. After a broken connection every listener is woken, since something may have
 * changed meanwhile.
 */
export function openWake(connection: RedisConnection): Wake {
  const listeners = new Set<() => void>();
  let subscriber: ReturnType<RedisConnection['listener']> | null = null;
  let subscribed: Promise<unknown> | null = null;
  const wakeAll = () => {
    for (const listener of [...listeners]) listener();
  };

  function subscribe(): Promise<unknown> {
    const next = connection.listener();
    subscriber = next;
    next.on('message', wakeAll);
    const first = next.subscribe(WAKE_CHANNEL).catch(() => undefined);
    // The client subscribes again by itself.
    first.then(() => next.on('ready', wakeAll));
    return first;
  }
  return {
    async listen(listener) {
      listeners.add(listener);
      subscribed ??= subscribe();
      await subscribed;
      return async () => {
        listeners.delete(listener);
      };
    },
    close: () => subscriber?.disconnect(),
  };
}
