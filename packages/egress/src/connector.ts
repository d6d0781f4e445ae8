import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { isLoopback, nonPublicKind } from './address.ts';
import { type AllowList, createAllowList, pairOf } from './allow-list.ts';
import { EgressRefused } from './egress-error.ts';

/** Resolves a host name to its addresses. Replaced in tests; the default asks the operating system. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** What every egress connection is built from. */
export interface ConnectorOptions {
  /** Exact `host:port` pairs on loopback that may be reached although they are not public. */
  readonly allow: readonly string[];
  /** Time for name resolution, TCP and TLS together. Default 10,000. */
  readonly connectTimeoutMs?: number;
  readonly resolve?: Resolve;
  /** Extra trusted certificate authorities in PEM, for TLS upstreams with a private one. */
  readonly ca?: string;
}

const CONNECT_TIMEOUT_MS_DEFAULT = 10_000;

/**
 * An undici connector that reaches public addresses and allowed loopback ports only. Every resolved address is judged
 * before a packet leaves, and the socket's own remote address again after connecting, so no second lookup can differ.
 * Fails with EgressRefused('address').
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const allow = createAllowList(options.allow);
  const base = {
    timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS_DEFAULT,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const resolve = options.resolve ?? resolveBySystem;
  const connectPublic = buildConnector({ ...base, lookup: guardedLookup(resolve, isPublic) });
  const connectLoopback = buildConnector({ ...base, lookup: guardedLookup(resolve, isLoopback) });

  return (target, callback) => {
    const onLoopback = isAllowed(allow, target);
    const accepts = onLoopback ? isLoopback : isPublic;
    if (isIP(target.hostname) !== 0 && !accepts(target.hostname)) {
      callback(refusal(target.hostname, target.hostname), null);
      return;
    }
    const connect = onLoopback ? connectLoopback : connectPublic;
    connect(target, (...[error, socket]) => {
      if (error) {
        callback(error, null);
      } else if (accepts(socket.remoteAddress ?? '')) {
        callback(null, socket);
      } else {
        callback(refuseSocket(socket, target.hostname), null);
      }
    });
  };
}

function isAllowed(allow: AllowList, target: buildConnector.Options): boolean {
  return allow.size > 0 && allow.has(pairOf(target.hostname, target.port, target.protocol));
}

function isPublic(address: string): boolean {
  return nonPublicKind(address) === null;
}

function refusal(hostname: string, address: string): EgressRefused {
  const named = hostname === address ? address : `${hostname} is at ${address}`;
  return new EgressRefused('address', `${named}, which is not public (${nonPublicKind(address) ?? 'not allowed'})`);
}

function refuseSocket(socket: Socket, hostname: string): EgressRefused {
  const address = socket.remoteAddress ?? 'unknown';
  socket.destroy();
  return refusal(hostname, address);
}

/** One bad address refuses the whole name: an honest name has no private address beside a public one. */
function guardedLookup(resolve: Resolve, accepts: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const bad = addresses.find((entry) => !accepts(entry.address));
        const first = addresses[0];
        if (bad) callback(refusal(hostname, bad.address), '');
        else if (!first) callback(new Error(`no address for ${hostname}`), '');
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };
}

function resolveBySystem(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, failed) => {
    dnsLookup(hostname, { all: true }, (error, addresses) => (error ? failed(error) : done(addresses)));
  });
}
