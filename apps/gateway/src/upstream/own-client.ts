import { type ConnectorOptions, createSocketOpener } from '@tollwright/egress';
import { Deadlines } from './deadlines.ts';
import { Exchange } from './http1/exchange.ts';
import { Pool } from './http1/pool.ts';
import { type RequestFraming, requestHead } from './http1/request-head.ts';
import type { UpstreamClient, UpstreamRequest } from './upstream.ts';

/** Where the client may go, and how many sockets it may have to one origin (default 1,024). */
export interface OwnClientOptions extends Pick<ConnectorOptions, 'allow' | 'ca' | 'resolve'> {
  readonly connectionsMax?: number;
}

const CONNECTIONS_MAX_DEFAULT = 1_024;
/** Never reached: each attempt has the deadline of the exchange that it was made for. */
const CONNECT_TIMEOUT_MS = 120_000;

/**
 * Upstreams over a client of our own for HTTP/1.1, to addresses that egress allows: keep-alive pools by origin, one call on
 * a connection at a time, nothing sent twice. What it refuses in an answer is a failure. Source: docs/adr/0018.
 */
export function createOwnClient(options: OwnClientOptions): UpstreamClient {
  const open = createSocketOpener({ ...options, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  const deadlines = new Deadlines();
  const pools = new Map<string, Pool>();
  const connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX_DEFAULT;
  let closed = false;

  function poolOf(origin: string): Pool {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new Pool({
      origin: new URL(origin),
      open,
      deadlines,
      connectionsMax,
      onEmpty: () => void (pools.get(origin) === pool && pools.delete(origin)),
    });
    pools.set(origin, pool);
    return pool;
  }

  return {
    send(request, sink) {
      let head = '';
      let invalid: unknown = null;
      try {
        head = requestHead(request, framingOf(request));
      } catch (error) {
        invalid = error;
      }
      const exchange = new Exchange(request, head, sink, deadlines);
      // The sink hears nothing before its exchange is in the caller's hands.
      if (invalid !== null) process.nextTick(() => exchange.giveUp(invalid, 'request'));
      else if (closed) process.nextTick(() => exchange.giveUp(new Error('the client is closed')));
      else poolOf(request.origin).submit(exchange);
      return exchange;
    },
    async close() {
      closed = true;
      for (const pool of [...pools.values()]) pool.close(new Error('the client is closed'));
      deadlines.close();
    },
  };
}

function framingOf({ body, bodyBytes }: UpstreamRequest): RequestFraming {
  if (body === null) return { kind: 'none' };
  if (Buffer.isBuffer(body)) return { kind: 'length', bytes: body.length };
  return bodyBytes == null ? { kind: 'chunked' } : { kind: 'length', bytes: bodyBytes };
}
