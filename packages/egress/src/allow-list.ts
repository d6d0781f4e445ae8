import { isLoopback } from './address.ts';

/** The loopback ports that a launcher opened itself, as `host:port` in lower case. */
export type AllowList = ReadonlySet<string>;

/** Checks and freezes `host:port` pairs. Throws RangeError for a pair that is not on loopback or has no port. */
export function createAllowList(pairs: readonly string[]): AllowList {
  return new Set(pairs.map(checkedPair));
}

/** The key of a connection in an allow list; an empty port means the scheme's default. */
export function pairOf(hostname: string, port: string | number, protocol: string): string {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const named = port === '' ? (protocol === 'https:' ? 443 : 80) : port;
  return host.includes(':') ? `[${host}]:${named}` : `${host}:${named}`;
}

/** The same of a URL. Throws TypeError where it is none. */
export function pairOfUrl(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return pairOf(hostname, port, protocol);
}

function checkedPair(pair: string): string {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+):(\d{1,5})$/i.exec(pair);
  const host = match?.[1]?.toLowerCase() ?? '';
  const bare = host.replace(/^\[|\]$/g, '');
  if (!match || !(bare === 'localhost' || isLoopback(bare))) {
    throw new RangeError(`egress allow entry must be <loopback host>:<port>, got ${JSON.stringify(pair)}`);
  }
  return `${host}:${Number(match[2])}`;
}
