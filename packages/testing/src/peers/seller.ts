import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a seller's own work does next, and how often it was done. */
export interface Work {
  status: number;
  delayMs: number;
  /** An event stream of so many events, one a `delayMs`; 0: one JSON document. */
  events: number;
  /** What the work came to, in the unit of what is paid with; null: all that was authorized. */
  usedAtomic: bigint | null;
  runs: number;
  /** The headers that it saw last. */
  headers: Readonly<Record<string, unknown>>;
}

/** Something that is paid for, on loopback. */
export interface PeerSeller {
  readonly url: string;
  readonly work: Work;
  close(): Promise<void>;
}

export function newWork(): Work {
  return { status: 200, delayMs: 0, events: 0, usedAtomic: null, runs: 0, headers: {} };
}

/** Does the work as it is asked to. */
export async function doWork(work: Work, request: IncomingMessage, response: ServerResponse): Promise<void> {
  work.runs++;
  work.headers = request.headers;
  if (work.events === 0) {
    if (work.delayMs > 0) await sleep(work.delayMs);
    // As Express's own `status()` does: middleware looks at it before anything is written.
    response.statusCode = work.status;
    response.setHeader('content-type', 'application/json');
    if (work.usedAtomic !== null) {
      response.setHeader('settlement-overrides', JSON.stringify({ amount: `${work.usedAtomic}` }));
    }
    response.end(JSON.stringify({ sky: 'clear', run: work.runs }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let event = 0; event < work.events; event++) {
    response.write(`data: ${event}\n\n`);
    await sleep(work.delayMs);
  }
  response.end();
}

/** Listens on a free port of loopback. */
export async function listenAs(listener: RequestListener, work: Work): Promise<PeerSeller> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    work,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
