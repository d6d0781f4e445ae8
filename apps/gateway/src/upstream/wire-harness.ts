import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type {
  UpstreamClient,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamRequest,
  UpstreamTimeouts,
} from './upstream.ts';

/** An upstream that is nothing but bytes: a test says what each connection does. */
export interface Wire {
  readonly port: number;
  readonly host: string;
  readonly origin: string;
  /** Every connection so far, and all bytes that it brought. */
  readonly connections: readonly { readonly socket: Socket; received: string; ended: boolean; closed: boolean }[];
  close(): Promise<void>;
}

/** Listens on loopback. `onRequest` is called for each request without a streamed body, once its head and body are in. */
export async function serveWire(
  onRequest: (socket: Socket, request: string, connection: number) => void,
  tls?: TlsOptions,
): Promise<Wire> {
  const connections: { socket: Socket; received: string; ended: boolean; closed: boolean }[] = [];
  const onSocket = (socket: Socket) => {
    const connection = { socket, received: '', ended: false, closed: false };
    const index = connections.push(connection) - 1;
    let pending = '';
    socket.on('data', (bytes: Buffer) => {
      connection.received += bytes.toString('latin1');
      pending += bytes.toString('latin1');
      for (let length = requestLength(pending); length > 0; length = requestLength(pending)) {
        const request = pending.slice(0, length);
        pending = pending.slice(length);
        onRequest(socket, request, index);
      }
    });
    socket.on('end', () => {
      connection.ended = true;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      connection.closed = true;
    });
  };
  const server: Server = tls === undefined ? createTcpServer(onSocket) : createTlsServer(tls, onSocket);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    ...{ port, host, connections },
    origin: `${tls === undefined ? 'http' : 'https'}://${host}`,
    async close() {
      for (const { socket } of connections) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Length of the first whole request in `text`: head and `content-length` body, or head alone; 0 while it is not whole. */
function requestLength(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return 0;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  return text.length >= end + 4 + length ? end + 4 + length : 0;
}

/** A promise with its resolve function. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** What the sink of one exchange heard. */
export interface Heard {
  status: number | null;
  headers: Record<string, unknown>;
  body: string;
  parts: number;
  ended: boolean;
  failure: UpstreamFailure | null;
}

export interface Asked {
  readonly exchange: UpstreamExchange;
  readonly heard: Heard;
  /** Resolves at the last call to the sink. */
  readonly done: Promise<Heard>;
  /** Resolves when a head has come. */
  readonly head: Promise<void>;
}

const PATIENT: UpstreamTimeouts = {
  ...{ connectTimeoutMs: 20_000, firstByteTimeoutMs: 20_000, idleTimeoutMs: 20_000, totalTimeoutMs: 25_000 },
};

export interface Asking extends Partial<Omit<UpstreamRequest, 'timeouts'>> {
  readonly timeouts?: Partial<UpstreamTimeouts>;
  readonly onData?: (chunk: Buffer, exchange: UpstreamExchange) => void;
}

/** Sends a GET of `/` unless told otherwise. Throws when the sink hears anything after its end. */
export function ask(client: UpstreamClient, origin: string, { timeouts, onData, ...change }: Asking = {}): Asked {
  const heard: Heard = { status: null, headers: {}, body: '', parts: 0, ended: false, failure: null };
  const once = deferred<Heard>();
  const head = deferred<void>();
  let over = false;
  const finish = () => {
    if (over) throw new Error('the sink heard two ends');
    over = true;
    head.resolve(undefined);
    once.resolve(heard);
  };
  const exchange: UpstreamExchange = client.send(
    {
      ...{ origin, method: 'GET', target: '/', headers: ['host', new URL(origin).host], body: null },
      ...change,
      timeouts: { ...PATIENT, ...timeouts },
    },
    {
      onHead(status, headers) {
        heard.status = status;
        heard.headers = { ...headers };
        head.resolve(undefined);
      },
      onData(chunk) {
        if (over) throw new Error('the sink heard data after its end');
        heard.body += chunk.toString('latin1');
        heard.parts += 1;
        onData?.(chunk, exchange);
      },
      onEnd() {
        heard.ended = true;
        finish();
      },
      onFailure(failure) {
        heard.failure = failure;
        finish();
      },
    },
  );
  return { exchange, heard, done: once.promise, head: head.promise };
}

/** Resolves when `condition` holds; looks every turn of the event loop, for at most 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('what a test waits for did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
