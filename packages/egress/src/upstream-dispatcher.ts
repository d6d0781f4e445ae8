import { Agent } from 'undici';
import { type ConnectorOptions, createConnector } from './connector.ts';

/** Pool limits of the gateway's proxying. */
export interface UpstreamDispatcherOptions extends ConnectorOptions {
  /** Sockets per origin. Default 256. */
  readonly connectionsMax?: number;
  /** How long an idle socket is kept. Default 30,000. */
  readonly keepAliveTimeoutMs?: number;
  /** Wait for response headers; 0 leaves it to the caller's deadline. Default 0. */
  readonly headersTimeoutMs?: number;
  /** Longest silence within a body; 0 leaves it to the caller's deadline. Default 0. */
  readonly bodyTimeoutMs?: number;
}

/**
 * Keep-alive pools to upstreams. Addresses are judged when a socket connects, never per request, so a reused socket
 * costs nothing. It follows no redirect: an upstream's redirect is the caller's answer.
 */
export function createUpstreamDispatcher(options: UpstreamDispatcherOptions): Agent {
  return new Agent({
    connect: createConnector(options),
    connections: options.connectionsMax ?? 256,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 30_000,
    headersTimeout: options.headersTimeoutMs ?? 0,
    bodyTimeout: options.bodyTimeoutMs ?? 0,
    pipelining: 1,
  });
}
