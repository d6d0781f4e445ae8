import pg from 'pg';

/** Hears of changes on a connection of its own. */
export interface Wake {
  listen(listener: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const reconnectMs = 500;

/**
 * Connects when the first listener comes. A broken connection is opened again, and then every listener is woken, since
 * something may have changed meanwhile.
 */
export function openWake(connectionString: string): Wake {
  const listeners = new Set<() => void>();
  let client: pg.Client | null = null;
  let connecting: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let closed = false;

  const wakeAll = () => {
    for (const listener of [...listeners]) listener();
  };

  async function open(): Promise<void> {
    const next = new pg.Client({ connectionString, keepAlive: true, application_name: 'tollwright-wake' });
    next.on('notification', wakeAll);
    next.on('error', () => undefined);
    try {
      await next.connect();
      await next.query('LISTEN tollwright_state');
    } catch {
      next.end().catch(() => undefined);
      reopenLater();
      return;
    }
    if (closed) return next.end();
    client = next;
    next.once('end', () => {
      if (client === next) client = null;
      reopenLater();
    });
  }

  function reopenLater(): void {
    if (closed || retry) return;
    retry = setTimeout(() => {
      retry = null;
      connecting = open().then(wakeAll);
    }, reconnectMs);
    retry.unref();
  }

  return {
    async listen(listener) {
      listeners.add(listener);
      connecting ??= open();
      await connecting;
      return async () => {
        listeners.delete(listener);
      };
    },
    async close() {
      closed = true;
      if (retry) clearTimeout(retry);
      await connecting;
      await client?.end();
    },
  };
}
