import type { IncomingMessage } from 'node:http';

/**
 * The address that a request comes from. Behind `trustedProxies` proxies, each of which appends the address it saw, it is
 * the one that the outermost of them saw; what stands left of it was written by the caller and is not believed.
 */
export function clientIp(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustedProxies: number): string {
  const direct = plain(request.socket.remoteAddress ?? '');
  const forwarded = request.headers['x-forwarded-for'];
  if (trustedProxies === 0 || forwarded === undefined) return direct;
  const seen = String(forwarded).split(',');
  const address = seen[seen.length - trustedProxies]?.trim();
  return address === undefined || address === '' ? direct : plain(address);
}

/** A v4 address that came in over IPv6 is a v4 address. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
